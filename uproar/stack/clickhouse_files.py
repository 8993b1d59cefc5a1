"""The two configuration files of the local ClickHouse. Pure: settings in, XML out.

Its engine runs inside chdb, which reads `config.xml` from the working directory and always logs
in as `default` without a password. So that user must stay, and is shut in instead: three
statements, which the launcher itself uses up, and grants for nothing else.
"""

from pathlib import Path
from xml.sax.saxutils import escape

import msgspec

MEMORY_LIMIT_BYTES = 2_000_000_000
DATABASE = "uproar"
WRITER = "uproar"
READER = "reader"


class ClickHouseFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What the server needs to know."""

    data: Path
    logs: Path
    tcp_port: int
    http_port: int
    writer_password: str
    reader_password: str

    def config_xml(self) -> str:
        """Return the server's settings: loopback only, bounded memory, warnings to a log."""
        return f"""<clickhouse>
  <path>{escape(str(self.data))}/</path>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{self.tcp_port}</tcp_port>
  <http_port>{self.http_port}</http_port>
  <users_config>users.xml</users_config>
  <max_server_memory_usage>{MEMORY_LIMIT_BYTES}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <max_concurrent_queries>50</max_concurrent_queries>
  <background_pool_size>2</background_pool_size>
  <logger>
    <level>warning</level>
    <log>{escape(str(self.logs / "clickhouse.log"))}</log>
    <errorlog>{escape(str(self.logs / "clickhouse.err.log"))}</errorlog>
    <size>10M</size>
    <count>2</count>
  </logger>
</clickhouse>
"""

    def users_xml(self) -> str:
        """Return the users: one that writes, one that reads, and the shut-in `default`."""
        return f"""<clickhouse>
  <profiles>
    <default/>
    <boot/>
    <reader>
      <readonly>2</readonly>
      <max_execution_time>30</max_execution_time>
      <max_memory_usage>1000000000</max_memory_usage>
    </reader>
  </profiles>
  <quotas>
    <default/>
    <boot><interval><duration>2000000000</duration><queries>3</queries></interval></boot>
  </quotas>
  <users>
    <default>
      <no_password/>
      <networks><ip>::1</ip></networks>
      <profile>boot</profile>
      <quota>boot</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
    <{WRITER}>
      <password>{escape(self.writer_password)}</password>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT ALL ON {DATABASE}.*</query>
        <query>GRANT TABLE ENGINE ON *</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
        <query>GRANT SELECT ON system.*</query>
      </grants>
    </{WRITER}>
    <{READER}>
      <password>{escape(self.reader_password)}</password>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>reader</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SELECT ON {DATABASE}.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
        <query>GRANT SELECT ON system.*</query>
      </grants>
    </{READER}>
  </users>
</clickhouse>
"""

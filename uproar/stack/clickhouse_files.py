"""The two configuration files of the local ClickHouse. Pure: settings in, XML out.

Its engine runs inside chdb, which reads `config.xml` from the working directory and always logs
in as `default` without a password. So that user must stay, and is shut in instead: one session,
which is the launcher's own, three statements, which the launcher uses up, and no grant on any
table. What is chdb's alone is closed to everybody: its table function `Python` ends the server.

Passwords are kept as their SHA-256. They are 24 random bytes, so a hash gives nothing away, and
the engine's function `file` lets whoever may run a query read this folder.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from uproar.clickhouse_access import MIGRATOR as MIGRATOR_ROLE
from uproar.clickhouse_access import READER as READER_ROLE
from uproar.clickhouse_access import WRITER as WRITER_ROLE
from uproar.clickhouse_access import Quota, Role
from uproar.guarded import Guarded

MEMORY_LIMIT_BYTES = 2_000_000_000
DATABASE = "uproar"
MIGRATOR = "migrator"
WRITER = "uproar"
READER = "reader"

_CHDB_ONLY = {"allow_python_table_function": 0}


class ClickHouseFiles(Guarded, frozen=True, kw_only=True):
    """What the server needs to know."""

    data: Path
    logs: Path
    tcp_port: int
    http_port: int
    migrator_password: str
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
  <access_control_improvements>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <settings_constraints_replace_previous>true</settings_constraints_replace_previous>
  </access_control_improvements>
  <max_server_memory_usage>{MEMORY_LIMIT_BYTES}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <max_concurrent_queries>50</max_concurrent_queries>
  <background_pool_size>2</background_pool_size>
  <logger>
    <level>warning</level>
    <async>false</async>
    <log>{escape(str(self.logs / "clickhouse.log"))}</log>
    <errorlog>{escape(str(self.logs / "clickhouse.err.log"))}</errorlog>
    <size>10M</size>
    <count>2</count>
  </logger>
</clickhouse>
"""

    def users_xml(self) -> str:
        """Return the users: each role of `uproar.clickhouse_access`, and the shut-in `default`."""
        people = (
            (MIGRATOR, MIGRATOR_ROLE, self.migrator_password),
            (WRITER, WRITER_ROLE, self.writer_password),
            (READER, READER_ROLE, self.reader_password),
        )
        return f"""<clickhouse>
  <profiles>
    <default>{_elements(_CHDB_ONLY)}</default>
    <boot>{_elements(_CHDB_ONLY | {"max_sessions_for_user": 1})}</boot>
{"".join(_profile(role) for _, role, _ in people)}  </profiles>
  <quotas>
    <default/>
    <boot><interval><duration>2000000000</duration><queries>3</queries></interval></boot>
{"".join(_quota(role.name, role.quota) for _, role, _ in people if role.quota)}  </quotas>
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
{"".join(_user(name, role, password) for name, role, password in people)}  </users>
</clickhouse>
"""


def password_hash(password: str) -> str:
    """Return what ClickHouse keeps of a password: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(password.encode()).hexdigest()


def _elements(values: Mapping[str, int | str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


def _profile(role: Role) -> str:
    constraints = "".join(
        f"<{name}><min>{found.least}</min><max>{found.most}</max><changeable_in_readonly/></{name}>"
        for name, found in role.changeable.items()
    )
    limits = f"<constraints>{constraints}</constraints>" if constraints else ""
    return f"    <{role.name}>{_elements({**_CHDB_ONLY, **role.settings})}{limits}</{role.name}>\n"


def _quota(name: str, quota: Quota) -> str:
    interval = _elements({"duration": quota.seconds, **quota.limits})
    return f"    <{name}><interval>{interval}</interval></{name}>\n"


def _user(name: str, role: Role, password: str) -> str:
    granted = role.grants_on(DATABASE)
    grants = "".join(f"        <query>GRANT {escape(grant)}</query>\n" for grant in granted)
    return f"""    <{name}>
      <password_sha256_hex>{password_hash(password)}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>{role.name}</profile>
      <quota>{role.name if role.quota else "default"}</quota>
      <grants>
{grants}      </grants>
    </{name}>
"""

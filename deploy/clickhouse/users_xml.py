"""The roles of `uproar.clickhouse_access` as a `users.xml`, for a ClickHouse in a container. Pure.

It replaces the server's own file, so there is no user `default` and nobody without a password.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from uproar.clickhouse_access import ROLES, Quota, Role

ADMIN = "uproar_admin"

HEADER = """\
<!-- Users of a ClickHouse that is Uproar's alone, with the least rights that each needs. Written by
     `python -m deploy.clickhouse`, from the roles that the local stack has, too.
     `deploy/secrets.sh` puts the SHA-256 of generated passwords in the place of each HASH_OF_NAME.
     Where one is left nobody can log in as that user: it is no hash. -->
"""


def users_xml(database: str = "uproar") -> str:
    """Return the whole file, with placeholders for the hashes of the passwords."""
    profiles = "".join(_profile(role) for role in ROLES)
    quotas = "".join(_quota(role.name, role.quota) for role in ROLES if role.quota)
    users = "".join(_user(role, database) for role in ROLES)
    return f"""{HEADER}<clickhouse>
  <profiles>
    <default/>
{profiles}  </profiles>
  <quotas>
    <default/>
{quotas}  </quotas>
  <users>
    <!-- Looks after the server itself, from within its container only: backups, repairs. -->
    <{ADMIN}>
      <password_sha256_hex>{placeholder("admin")}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </{ADMIN}>
{users}  </users>
</clickhouse>
"""


def placeholder(name: str) -> str:
    """Return what stands in the place of the hash of a role's password.

    >>> placeholder("reader")
    'HASH_OF_READER'
    """
    return f"HASH_OF_{name.upper()}"


def _elements(values: Mapping[str, int | str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


def _profile(role: Role) -> str:
    limits = "".join(
        f"<{name}><min>{found.least}</min><max>{found.most}</max><changeable_in_readonly/></{name}>"
        for name, found in role.changeable.items()
    )
    constraints = f"\n      <constraints>{limits}</constraints>" if limits else ""
    settings = "".join(f"\n      {_elements({name: v})}" for name, v in role.settings.items())
    return f"    <{role.name}>{settings}{constraints}\n    </{role.name}>\n"


def _quota(name: str, quota: Quota) -> str:
    interval = _elements({"duration": quota.seconds, **quota.limits})
    return f"    <{name}>\n      <interval>{interval}</interval>\n    </{name}>\n"


def _user(role: Role, database: str) -> str:
    grants = "".join(
        f"        <query>GRANT {escape(grant)}</query>\n" for grant in role.grants_on(database)
    )
    return f"""    <!-- {role.purpose[0].upper()}{role.purpose[1:]}. -->
    <uproar_{role.name}>
      <password_sha256_hex>{placeholder(role.name)}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>{role.name}</profile>
      <quota>{role.name if role.quota else "default"}</quota>
      <grants>
{grants}      </grants>
    </uproar_{role.name}>
"""

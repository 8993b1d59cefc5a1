"""The roles of `uproar.clickhouse_access` as SQL, for an administrator to run once. Pure.

Each statement may be run again, after an update of Uproar too: what is there is brought up to
date. Users that are there keep their passwords.
"""

from uproar.clickhouse_access import ROLES, Quota, Role

CLUSTER_GRANTS = {
    "migrator": ("CLUSTER ON *.*", "REMOTE ON *.*"),  # its tables reach the other nodes
    "writer": ("CLUSTER ON *.*",),  # a run is dropped on every node
}
"""What changing tables on every node of a cluster takes besides."""

HEADER = """\
-- Users for Uproar on a ClickHouse of your own, with the least rights that each needs.
-- Written by `python -m deploy.clickhouse`, from the roles that the local stack has, too.
--
-- For an administrator to run: clickhouse-client --multiquery < users.sql
-- Before that, put the SHA-256 of a password of your own in the place of each REPLACE; no user is
-- created where one is left, for it is no hash. A password and its hash:
--   password=$(openssl rand -hex 24); echo "$password"; printf %s "$password" | sha256sum
-- Narrow HOST ANY to the networks that your machines are in: HOST IP '10.0.0.0/8'.
--
-- Then, for Uproar:
--   UPROAR_CLICKHOUSE_MIGRATOR_URL  clickhouses://uproar_migrator:…@host:9440/{database}
--   UPROAR_CLICKHOUSE_URL           clickhouses://uproar_writer:…@host:9440/{database}
--   UPROAR_CLICKHOUSE_READER_URL    clickhouses://uproar_reader:…@host:9440/{database}
"""


def users_sql(database: str = "uproar", cluster: str = "") -> str:
    """Return the whole file. With `cluster`, what it creates is created on every node."""
    parts = [HEADER.format(database=database)]
    parts += ["\n".join(_of_role(role, database, cluster)) + "\n" for role in ROLES]
    return "\n".join(parts)


def _of_role(role: Role, database: str, cluster: str) -> list[str]:
    name, can = f"uproar_{role.name}", f"uproar_can_{_VERBS[role.name]}"
    everywhere = f" ON CLUSTER {cluster}" if cluster else ""
    extra = CLUSTER_GRANTS.get(role.name, ()) if cluster else ()
    statements = [f"CREATE ROLE IF NOT EXISTS {can}{everywhere}"]
    if role.settings:
        statements += [
            f"CREATE SETTINGS PROFILE IF NOT EXISTS {can}{everywhere}",
            f"ALTER SETTINGS PROFILE {can}{everywhere} SETTINGS\n    " + _settings(role),
            f"ALTER ROLE {can}{everywhere} SETTINGS PROFILE '{can}'",
        ]
    statements += [
        f"GRANT{everywhere} {grant} TO {can}" for grant in (*role.grants_on(database), *extra)
    ]
    if role.quota:
        statements += [
            f"CREATE QUOTA IF NOT EXISTS {can}{everywhere}",
            f"ALTER QUOTA {can}{everywhere} KEYED BY user_name\n    {_limits(role.quota)}\n"
            f"    TO {can}",
        ]
    statements += [
        f"CREATE USER IF NOT EXISTS {name}{everywhere}\n"
        f"    IDENTIFIED WITH sha256_hash BY 'REPLACE: SHA-256 of the password of {name}'\n"
        f"    HOST ANY",
        f"GRANT{everywhere} {can} TO {name}",
    ]
    return [f"-- {name}: {role.purpose}.", *(f"{statement};" for statement in statements)]


_VERBS = {"migrator": "migrate", "writer": "write", "reader": "read"}


def _settings(role: Role) -> str:
    written = []
    for name, value in role.settings.items():
        limits = role.changeable.get(name)
        shown = f"'{value}'" if isinstance(value, str) else value
        bounds = f" MIN {limits.least} MAX {limits.most} CHANGEABLE_IN_READONLY" if limits else ""
        written.append(f"{name} = {shown}{bounds}")
    return ",\n    ".join(written)


def _limits(quota: Quota) -> str:
    limits = ", ".join(f"{name} = {value}" for name, value in quota.limits.items())
    return f"FOR INTERVAL {quota.seconds} second MAX {limits}"

#!/bin/sh
# Make what deploy/compose.yaml needs and nobody should type: random passwords, the key of author
# pseudonyms, and the files in which servers are told of them. Run it again at any time: what is
# there stays, what is missing is made. To change a password remove its file first
# (docs/deployment.md, "Secrets").
#
#   deploy/secrets.sh [FOLDER]     FOLDER is the one of compose.yaml; that of this script without it
#
# FOLDER/secrets/ is for its owner only. The containers that read a file of it run as that owner:
# FOLDER/.env says who that is. Run as root, it hands everything to user 10001.
set -eu
umask 077

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=${1:-$here}
secrets=$folder/secrets

for program in openssl sed; do
    if ! command -v "$program" >/dev/null 2>&1; then
        echo "error: there is no \`$program\` in the path, which makes passwords" >&2
        exit 1
    fi
done

owner=$(id -u)
if [ "$owner" = 0 ]; then
    owner=10001
fi

mkdir -p "$secrets" "$folder/config"

# Write standard input to a file, whole or not at all.
put() {
    cat >"$1.new"
    chmod "$2" "$1.new"
    mv "$1.new" "$1"
}

# A password of 24 random bytes: letters and digits, so that it needs no escape in a URL.
password() {
    if [ ! -s "$secrets/$1" ]; then
        openssl rand -hex 24 | put "$secrets/$1" 600
        echo "made $secrets/$1" >&2
    fi
}

hash_of() {
    printf %s "$(cat "$secrets/$1")" | openssl dgst -sha256 -r | cut -d' ' -f1
}

for name in clickhouse_admin_password clickhouse_migrator_password clickhouse_writer_password \
    clickhouse_reader_password kafka_password grafana_admin_password page_token; do
    password "$name"
done
if [ ! -s "$secrets/author_key" ]; then
    openssl rand -hex 32 | put "$secrets/author_key" 600
    echo "made $secrets/author_key: keep a copy in a safe place, apart from backups of the data" >&2
fi

# What is derived from them is made anew each time.
for role in migrator writer reader; do
    echo "clickhouse://uproar_$role:$(cat "$secrets/clickhouse_${role}_password")@clickhouse:9000/uproar" |
        put "$secrets/clickhouse_${role}_url" 600
done
sed -e "s/HASH_OF_ADMIN/$(hash_of clickhouse_admin_password)/" \
    -e "s/HASH_OF_MIGRATOR/$(hash_of clickhouse_migrator_password)/" \
    -e "s/HASH_OF_WRITER/$(hash_of clickhouse_writer_password)/" \
    -e "s/HASH_OF_READER/$(hash_of clickhouse_reader_password)/" \
    "$here/clickhouse/users.xml" | put "$secrets/clickhouse_users.xml" 600
sed -e "s/KAFKA_PASSWORD/$(cat "$secrets/kafka_password")/" -e '/^#/d' \
    "$here/kafka/compose.properties" | put "$secrets/kafka.properties" 600

if [ ! -e "$folder/config/uproar.yaml" ]; then
    put "$folder/config/uproar.yaml" 644 <"$here/../uproar/uproar.example.yaml"
    echo "made $folder/config/uproar.yaml: say in it what you track, and which sources" >&2
fi
chmod 755 "$folder/config"

if ! grep -q '^UPROAR_UID=' "$folder/.env" 2>/dev/null; then
    {
        echo "UPROAR_UID=$owner"
        echo "# Live sources to watch, of those in config/uproar.yaml: COMPOSE_PROFILES=bluesky,rss"
    } >>"$folder/.env"
fi
if [ "$(id -u)" = 0 ]; then
    chown -R "$owner:0" "$secrets" "$folder/config"
fi
echo "secrets are in $secrets; next: docker compose -f $folder/compose.yaml up -d --wait" >&2

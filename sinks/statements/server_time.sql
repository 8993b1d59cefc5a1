-- The time of the server, asked before totals are computed: they hold what was stored by then.
SELECT toUInt64(toUnixTimestamp64Micro(now64(6)))

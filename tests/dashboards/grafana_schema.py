"""What Grafana takes, as types that refuse whatever they do not know.

After its documentation and its sources: for the API `pkg/services/ngalert/api/tooling/definitions`
and `public/api-merged.json`, for files `pkg/services/provisioning/alerting`. Values are those that
Grafana 9.4 knows already; what came later is only there where 9.4 passes over it.
"""

import re
from typing import Annotated, Any, Literal

import msgspec

Uid = Annotated[str, msgspec.Meta(pattern=r"^[a-zA-Z0-9_-]{1,40}\Z")]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=190)]
Duration = Annotated[str, msgspec.Meta(pattern=r"^(0|([0-9]+(y|w|d|h|m|s|ms))+)\Z")]
Positive = Annotated[str, msgspec.Meta(pattern=r"^([1-9][0-9]*(y|w|d|h|m|s|ms))+\Z")]
Name = Annotated[str, msgspec.Meta(min_length=1)]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Refuses what it does not know."""


class TimeRange(Strict):
    from_: int = msgspec.field(name="from")
    to: int


class AlertQuery(Strict):
    refId: Name  # noqa: N815
    queryType: str  # noqa: N815
    relativeTimeRange: TimeRange  # noqa: N815
    datasourceUid: Name  # noqa: N815
    model: dict[str, Any]


class NotificationSettings(Strict):
    receiver: Name
    group_by: list[str] = []
    group_wait: Duration | None = None
    group_interval: Positive | None = None
    repeat_interval: Positive | None = None
    mute_time_intervals: list[str] = []


class _Rule(Strict):
    uid: Uid
    title: Title
    condition: Name
    data: Annotated[list[AlertQuery], msgspec.Meta(min_length=1)]
    noDataState: Literal["Alerting", "NoData", "OK"]  # noqa: N815
    execErrState: Literal["Alerting", "Error", "OK"]  # noqa: N815
    for_: Duration = msgspec.field(name="for")
    annotations: dict[str, str] = {}
    labels: dict[str, str] = {}
    isPaused: bool = False  # noqa: N815
    notification_settings: NotificationSettings | None = None


class ApiRule(_Rule, kw_only=True):
    orgID: int  # noqa: N815
    folderUID: Uid  # noqa: N815
    ruleGroup: Title  # noqa: N815


class FileRule(_Rule, kw_only=True):
    dashboardUid: Uid | None = None  # noqa: N815
    panelId: int | None = None  # noqa: N815


class FileGroup(Strict):
    orgId: int  # noqa: N815
    name: Name
    folder: Name
    interval: Positive
    rules: list[FileRule]


class RulesFile(Strict):
    apiVersion: Literal[1]  # noqa: N815
    groups: list[FileGroup]


class ContactPoint(Strict):
    uid: Uid
    name: Name
    type: Name
    settings: dict[str, Any]
    disableResolveMessage: bool = False  # noqa: N815


class FileReceiver(Strict):
    uid: Uid
    type: Name
    settings: dict[str, Any]
    disableResolveMessage: bool = False  # noqa: N815


class FileContactPoint(Strict):
    orgId: int  # noqa: N815
    name: Name
    receivers: list[FileReceiver]


class ContactPointsFile(Strict):
    apiVersion: Literal[1]  # noqa: N815
    contactPoints: list[FileContactPoint]  # noqa: N815


class ClockRange(Strict):
    start_time: Annotated[str, msgspec.Meta(pattern=r"^\d\d:\d\d\Z")]
    end_time: Annotated[str, msgspec.Meta(pattern=r"^\d\d:\d\d\Z")]


class TimeInterval(Strict):
    times: list[ClockRange] = []


class FileMuteTiming(Strict):
    orgId: int  # noqa: N815
    name: Name
    time_intervals: list[TimeInterval]


class MuteTimingsFile(Strict):
    apiVersion: Literal[1]  # noqa: N815
    muteTimes: list[FileMuteTiming]  # noqa: N815


class PluginSettings(Strict):
    """Of the ClickHouse plugin 4, `src/types/config.ts`; numbers and booleans may be text."""

    host: Name
    port: Name
    protocol: Literal["native", "http"]
    secure: Name
    username: Name
    defaultDatabase: Name  # noqa: N815
    queryTimeout: Name  # noqa: N815


class PluginSecrets(Strict):
    password: Name


class FileDatasource(Strict):
    name: Name
    uid: Uid
    type: Name
    access: Literal["proxy"]
    editable: bool
    jsonData: PluginSettings  # noqa: N815
    secureJsonData: PluginSecrets  # noqa: N815


class DatasourcesFile(Strict):
    apiVersion: Literal[1]  # noqa: N815
    datasources: list[FileDatasource]


class ProviderOptions(Strict):
    path: Name


class FileProvider(Strict):
    name: Name
    type: Literal["file"]
    folder: Name
    folderUid: Uid  # noqa: N815
    allowUiUpdates: bool  # noqa: N815
    disableDeletion: bool  # noqa: N815
    updateIntervalSeconds: int  # noqa: N815
    options: ProviderOptions


class ProvidersFile(Strict):
    apiVersion: Literal[1]  # noqa: N815
    providers: list[FileProvider]


class NewFolder(Strict):
    title: Name
    uid: Uid


class SaveDashboard(Strict):
    dashboard: dict[str, Any]
    folderUid: str = ""  # noqa: N815
    overwrite: bool = False
    message: str = ""


class PermissionItem(Strict):
    permission: Literal[1, 2, 4]
    role: Literal["Viewer", "Editor"] | None = None
    teamId: int | None = None  # noqa: N815
    userId: int | None = None  # noqa: N815


class Permissions(Strict):
    items: list[PermissionItem]


class NewAnnotation(Strict):
    text: Name
    time: int
    timeEnd: int  # noqa: N815
    tags: list[str]


REQUIRED_SETTINGS = {
    "slack": ({"url"}, {"token", "recipient"}),
    "email": ({"addresses"},),
    "telegram": ({"bottoken", "chatid"},),
    "discord": ({"url"},),
    "webhook": ({"url"},),
    "pagerduty": ({"integrationKey"},),
    "opsgenie": ({"apiKey"},),
    "pushover": ({"userKey", "apiToken"},),
    "googlechat": ({"url"},),
}
"""Type of contact point -> the sets of settings of which one must be there."""

KNOWN_SETTINGS = {
    "slack": {"url", "token", "recipient"},
    "email": {"addresses", "singleEmail"},
    "telegram": {"bottoken", "chatid", "message_thread_id"},
    "webhook": {"url", "httpMethod", "username", "password"},
    "opsgenie": {"apiKey", "apiUrl"},
    "pagerduty": {"integrationKey", "url"},
}
"""Those beside the required ones that we use and Grafana has."""

SECRET_SETTINGS = {
    *("token", "bottoken", "password", "integrationKey", "apiKey", "userKey", "apiToken"),
}
URL_IS_SECRET = ("slack", "discord")


def mistake_in_settings(kind: str, settings: dict[str, Any]) -> str:
    """Return what Grafana would say of a contact point's settings; nothing where they are right."""
    if kind not in REQUIRED_SETTINGS:
        return f"invalid contact point type '{kind}'"
    given = {key for key, value in settings.items() if value not in ("", None)}
    if not any(needed <= given for needed in REQUIRED_SETTINGS[kind]):
        return f"required settings are missing for {kind}"
    known = KNOWN_SETTINGS.get(kind, set()).union(*REQUIRED_SETTINGS[kind])
    return f"no such setting: {sorted(given - known)}" if given - known else ""


def mistake_in_rule(rule: ApiRule | FileRule) -> str:
    """Return what Grafana would say of a rule whose form is right; nothing where all is."""
    refs = [query.refId for query in rule.data]
    if len(set(refs)) != len(refs):
        return "refIds must be unique"
    if rule.condition not in refs:
        return f"condition {rule.condition} does not exist"
    for query in rule.data:
        span = query.relativeTimeRange
        is_expression = query.datasourceUid == "__expr__"
        if not is_expression and span.from_ <= span.to:
            return f"invalid relative time range of {query.refId}"
        if query.model.get("refId") != query.refId:
            return f"the model of {query.refId} has another refId"
        if (
            not is_expression
            and query.model.get("datasource", {}).get("uid") != query.datasourceUid
        ):
            return f"the model of {query.refId} has another data source"
        if is_expression and query.model.get("expression") not in refs:
            return f"{query.refId} goes by a query that is not there"
    linked = [key in rule.annotations for key in ("__dashboardUid__", "__panelId__")]
    if any(linked) and not all(linked):
        return "both annotations __dashboardUid__ and __panelId__ must be specified"
    if all(linked) and not re.fullmatch(r"[1-9]\d*", rule.annotations["__panelId__"]):
        return "__panelId__ is no number"
    settings = rule.notification_settings
    groups = settings.group_by if settings else []
    if groups and groups != ["..."] and not {"alertname", "grafana_folder"} <= set(groups):
        return "group_by must contain alertname and grafana_folder"
    for text in rule.annotations.values():
        if text.count("{{") != text.count("}}"):
            return f"invalid template: {text}"
    return ""

"""What an audit found beside what is agreed, read from the store."""

from collections.abc import Collection

from noc_console.audit.agreed import Proposal, agreed_for, propose
from noc_console.audit.agreed_records import list_agreed
from noc_console.audit.audit import Audit
from noc_console.audit.audit_records import findings_of
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.decision_records import decisions_of
from noc_console.fleet.records import list_servers
from noc_console.store.store import Store


def proposals(
    store: Store, one: Audit, server_ids: Collection[int] | None = None
) -> list[Proposal]:
    """Give what a person may agree to after an audit, by server, kind and value."""
    lines = list_agreed(store)
    servers = list_servers(store)
    here = {server.id for server in servers}
    found = propose(
        load_catalogue(checks_folder(store.location)).checks,
        findings_of(store, one.id),
        decisions_of(store, one.id),
        {server.id: agreed_for(server, lines) for server in servers},
        server_ids=here if server_ids is None else here & set(server_ids),
    )
    return sorted(found, key=lambda each: (each.server_id, each.kind, each.value))

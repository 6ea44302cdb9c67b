"""moto's server with what its Amazon Managed Prometheus lacks: scrapers and Alertmanager.

Run as a module with the arguments of `moto_server`. Everything here is stored and given back as
it came, active at once; nothing is scraped and nobody is alerted.
"""

import json
import re
from typing import Any

from moto.amp import urls
from moto.amp.exceptions import ResourceNotFoundException
from moto.amp.responses import PrometheusServiceResponse
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random
from moto.server import main

ACTIVE = {"statusCode": "ACTIVE"}
ALERT_MANAGER = "{0}/workspaces/(?P<workspace_id>[^/]+)/alertmanager/definition$"
SCRAPERS = "{0}/scrapers$"
SCRAPER = "{0}/scrapers/(?P<scraper_id>[^/]+)$"

_Stored = dict[str, Any]
_stored: dict[tuple[str, str, str, str], _Stored] = {}
"""Account, region, kind, id -> what was created."""


class CompletedPrometheus(PrometheusServiceResponse):
    """The service's operations; those of moto plus the missing ones.

    Methods bear the names of the API's operations, by which moto finds them.
    """

    def create_workspace(self) -> str:
        """Keep the key too, which moto forgets and the provider then wants to set anew."""
        workspace: _Stored = json.loads(super().create_workspace())
        if key := self._body().get("kmsKeyArn"):
            self._keep("key", workspace["workspaceId"], {"kmsKeyArn": key})
        return json.dumps(workspace)

    def describe_workspace(self) -> str:
        """Return a workspace together with its key."""
        workspace: _Stored = json.loads(super().describe_workspace())["workspace"]
        key = _stored.get(self._place("key", workspace["workspaceId"]), {})
        return json.dumps({"workspace": {**workspace, **key}})

    def create_alert_manager_definition(self) -> str:
        """Create the one definition of a workspace."""
        return self.put_alert_manager_definition()

    def put_alert_manager_definition(self) -> str:
        """Create or replace the one definition of a workspace."""
        now = unix_time()
        self._keep(
            "AlertManagerDefinition",
            self._from_path(ALERT_MANAGER),
            {"data": self._body()["data"], "createdAt": now, "modifiedAt": now, "status": ACTIVE},
        )
        return json.dumps({"status": ACTIVE})

    def describe_alert_manager_definition(self) -> str:
        """Return the one definition of a workspace."""
        found = self._find("AlertManagerDefinition", self._from_path(ALERT_MANAGER))
        return json.dumps({"alertManagerDefinition": found})

    def delete_alert_manager_definition(self) -> str:
        """Delete the one definition of a workspace."""
        self._drop("AlertManagerDefinition", self._from_path(ALERT_MANAGER))
        return "{}"

    def create_scraper(self) -> str:
        """Create a scraper under a new id."""
        scraper_id = f"s-{mock_random.uuid4()}"
        owner = f"{self.region}:{self.current_account}"
        now = unix_time()
        scraper = {
            **{key: value for key, value in self._body().items() if key != "clientToken"},
            "scraperId": scraper_id,
            "arn": f"arn:aws:aps:{owner}:scraper/{scraper_id}",
            "roleArn": f"arn:aws:iam::{self.current_account}:role/aws-service-role/"
            f"scraper.aps.amazonaws.com/AWSServiceRoleForAmazonPrometheusScraper_{scraper_id}",
            "status": ACTIVE,
            "createdAt": now,
            "lastModifiedAt": now,
        }
        self._keep("Scraper", scraper_id, scraper)
        self.amp_backend.tag_resource(scraper["arn"], scraper.pop("tags", {}))
        return json.dumps(scraper)

    def describe_scraper(self) -> str:
        """Return a scraper with its tags of now."""
        scraper = self._find("Scraper", self._from_path(SCRAPER))
        tags = self.amp_backend.list_tags_for_resource(scraper["arn"])
        return json.dumps({"scraper": {**scraper, "tags": tags}})

    def update_scraper(self) -> str:
        """Change what of a scraper can be changed."""
        scraper = self._find("Scraper", self._from_path(SCRAPER))
        scraper |= {key: value for key, value in self._body().items() if key != "clientToken"}
        scraper["lastModifiedAt"] = unix_time()
        return json.dumps(scraper)

    def list_scrapers(self) -> str:
        """Return every scraper of the region."""
        here = self._place("Scraper", "")[:3]
        return json.dumps({"scrapers": [s for place, s in _stored.items() if place[:3] == here]})

    def delete_scraper(self) -> str:
        """Delete a scraper and say that there is none.

        AWS would answer `DELETING`; the provider would then sleep eight minutes before it looks.
        """
        scraper_id = self._from_path(SCRAPER)
        self._drop("Scraper", scraper_id)
        raise _NotFoundError("Scraper", scraper_id)

    def _body(self) -> _Stored:
        body: _Stored = json.loads(self.body)
        return body

    def _from_path(self, pattern: str) -> str:
        found = re.search(pattern.format(""), self.path)
        return found[1] if found else ""

    def _place(self, kind: str, identifier: str) -> tuple[str, str, str, str]:
        return (self.current_account, self.region, kind, identifier)

    def _keep(self, kind: str, identifier: str, what: _Stored) -> None:
        _stored[self._place(kind, identifier)] = what

    def _find(self, kind: str, identifier: str) -> _Stored:
        try:
            return _stored[self._place(kind, identifier)]
        except KeyError:
            raise _NotFoundError(kind, identifier) from None

    def _drop(self, kind: str, identifier: str) -> None:
        self._find(kind, identifier)
        del _stored[self._place(kind, identifier)]


class _NotFoundError(ResourceNotFoundException):
    code = 404

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(f"{kind} not found", identifier, f"AWS::APS::{kind}")


def complete() -> None:
    """Let moto serve the completed service."""
    paths = {*urls.url_paths, ALERT_MANAGER, SCRAPERS, SCRAPER}
    urls.url_paths.update(dict.fromkeys(paths, CompletedPrometheus.dispatch))


if __name__ == "__main__":
    complete()
    main()

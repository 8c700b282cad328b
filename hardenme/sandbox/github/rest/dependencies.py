"""What a repository is made of, as the dependency graph lists it."""

from __future__ import annotations

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, moment, problem
from hardenme.sandbox.github.permits import readable


def sbom(call: PermittedRequest) -> Answer:
    """The bill of materials in SPDX's form; a plain 404 where the dependency graph is off."""
    repository = call.repository
    if not repository.dependency_graph:
        return problem(404, "Not Found")
    name = f"com.github.{repository.full_name}"
    return {
        "sbom": {
            "SPDXID": "SPDXRef-DOCUMENT",
            "spdxVersion": "SPDX-2.3",
            "creationInfo": {
                "created": moment(call.world.now),
                "creators": ["Tool: GitHub.com-Dependency-Graph"],
            },
            "name": name,
            "dataLicense": "CC0-1.0",
            "documentNamespace": f"{call.web}/{repository.full_name}/dependency_graph/sbom-1",
            "packages": [
                {
                    "SPDXID": "SPDXRef-Repository",
                    "name": name,
                    "versionInfo": "",
                    "downloadLocation": f"git+{call.web}/{repository.full_name}",
                    "filesAnalyzed": False,
                }
            ],
            "relationships": [
                {
                    "relationshipType": "DESCRIBES",
                    "spdxElementId": "SPDXRef-DOCUMENT",
                    "relatedSpdxElement": "SPDXRef-Repository",
                }
            ],
        }
    }


ROUTES = (Route("/repos/{owner}/{repo}/dependency-graph/sbom", sbom, readable("contents:read")),)

"""ministack's server with what it forgets: policies of VPC endpoints, and what it has answered.

Without those policies the provider finds another one than it has set, and every update sets it
anew. Without the answers a request that was repeated under load finds what it made itself.
Run as a module; the settings are ministack's environment variables. It reaches into functions of
the pinned version that are private there, so its test fails if they move.
"""

import re
from typing import Any
from xml.sax.saxutils import escape

from ministack import app as server
from ministack.services import ec2

from sandbox.retried_requests import Remembering

_Answer = tuple[int, dict[str, str], bytes]

_create_endpoint = ec2._create_vpc_endpoint
_endpoint_fields = ec2._vpce_fields_xml


def create_endpoint(parameters: Any) -> _Answer:
    """Create a VPC endpoint and keep its policy."""
    answer: _Answer = _create_endpoint(parameters)
    created = re.search(rb"<vpcEndpointId>(.*?)<", answer[2])
    policy = ec2._p(parameters, "PolicyDocument")
    if created and policy:
        ec2._vpc_endpoints[created[1].decode()]["PolicyDocument"] = policy
    return answer


def endpoint_fields(endpoint: dict[str, Any], tag: str = "item") -> str:
    """Describe a VPC endpoint, its policy included."""
    fields, end, _ = _endpoint_fields(endpoint, tag).rpartition(f"</{tag}>")
    policy = escape(endpoint.get("PolicyDocument", ""))
    return f"{fields}<policyDocument>{policy}</policyDocument>{end}"


def complete() -> None:
    """Let ministack use the functions above."""
    ec2._ACTION_MAP["CreateVpcEndpoint"] = create_endpoint
    ec2._vpce_fields_xml = endpoint_fields
    server.app = Remembering(server.app)


if __name__ == "__main__":
    complete()
    server.main()

"""EventBridge of the local AWS: what stands beside the emulator may speak for the service that it stands for."""

from ministack.services import eventbridge

# Nobody else may speak for a service of AWS's ("PutEvents").
SOURCES = {"local.ecr": "aws.ecr", "local.ec2": "aws.ec2"}

_put_events = eventbridge._put_events


def put_events(data, allow_aws_source=False):
    entries = data.get("Entries", [])
    if entries and all(entry.get("Source") in SOURCES for entry in entries):
        renamed = [{**entry, "Source": SOURCES[entry["Source"]]} for entry in entries]
        return _put_events({**data, "Entries": renamed}, allow_aws_source=True)
    return _put_events(data, allow_aws_source)


def install():
    eventbridge._put_events = put_events

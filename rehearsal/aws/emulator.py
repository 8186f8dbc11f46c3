"""MiniStack, with what AWS does, it does not, and our stacks rely on. Its version is pinned: see tools/python.ts."""

import os

import emulated_death
import emulated_events
import emulated_health_checks
import emulated_images
import emulated_lambda
import emulated_outages
import emulated_rds
import emulated_registry
import emulated_secrets
import emulated_steps
from ministack import app as ministack
from ministack.core import iam_actions
from ministack.services import s3

_extract_iam_action = iam_actions.extract_iam_action
_get_object = s3._get_object
_head_object = s3._head_object
_put_object_tagging = s3._put_object_tagging
_delete_object_tagging = s3._delete_object_tagging


def head_object(bucket, key, headers=None, query=None):
    """HeadObject tells how many tags there are, as GetObject does."""
    status, found, body = _head_object(bucket, key, headers, query)
    if status == 200:
        version = s3._resolve_subresource_version(query, s3._ensure_bucket(bucket), key)
        found.update(s3._object_tagging_count_header(bucket, key, version))
    return status, found, body


def get_object(bucket, key, headers, query=None):
    """GetObject of a part of a version gives that part, not all of it."""
    found = s3._ensure_bucket(bucket)
    current = (found or {}).get("objects", {}).get(key, {}).get("version_id")
    if "range" in headers and current and s3._qp(query or {}, "versionId", "") == current:
        query = {name: value for name, value in query.items() if name != "versionId"}
    return _get_object(bucket, key, headers, query)


def telling(change, event):
    """Tags are changed with an event ("Supported event types for SQS, SNS, and Lambda")."""

    def changed(bucket, key, *rest):
        answer = change(bucket, key, *rest)
        if answer[0] < 300:
            version = answer[1].get("x-amz-version-id")
            s3._fire_s3_event_async(bucket, key, event, version_id=version)
        return answer

    return changed


def extract_iam_action(service, *rest):
    """Who may send, delete or put off one message may do so with ten ("Actions defined by Amazon SQS")."""
    action = _extract_iam_action(service, *rest)
    return action.removesuffix("Batch") if service == "sqs" and action else action


iam_actions.extract_iam_action = extract_iam_action
s3._get_object = get_object
s3._head_object = head_object
s3._put_object_tagging = telling(_put_object_tagging, "s3:ObjectTagging:Put")
s3._delete_object_tagging = telling(_delete_object_tagging, "s3:ObjectTagging:Delete")
emulated_events.install()
emulated_health_checks.install()
# Where nobody has disks of servers, nothing is exported.
if "IMAGE_DISKS" in os.environ:
    emulated_images.install()
emulated_lambda.install()
# Where only objects are measured, there are no databases.
if "DATABASE_INSTANCES" in os.environ:
    emulated_rds.install()
# Where only objects are measured, there is no registry either.
if "REGISTRY_URL" in os.environ:
    emulated_registry.install()
emulated_secrets.install()
emulated_steps.install()
emulated_outages.install()
# Last, for what it takes in was made with all of the above.
emulated_death.install()
# What the server runs.
app = emulated_death.mortal(ministack.app)

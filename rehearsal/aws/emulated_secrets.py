"""Secrets Manager of the local AWS: EventBridge is told of each call that changes a secret, and rights may go by its tags."""

import json
import time

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import eventbridge
from ministack.services import secretsmanager

_handle_request = secretsmanager.handle_request
_request_tag_context = iam_actions.request_tag_context

# Calls that change something ("Logging AWS Secrets Manager events with AWS CloudTrail").
_CHANGES = {
    *("CreateSecret", "DeleteSecret", "PutSecretValue", "RestoreSecret", "RotateSecret", "TagResource"),
    *("UntagResource", "UpdateSecret", "UpdateSecretVersionStage"),
}

# What CloudTrail writes down of a request; values are never among it.
_TOLD = {
    *("SecretId", "Name", "ClientRequestToken", "VersionStage", "VersionStages", "MoveToVersionId"),
    *("RemoveFromVersionId", "RecoveryWindowInDays", "ForceDeleteWithoutRecovery", "TagKeys"),
}


async def handle_request(method, path, headers, body, query_params):
    answer = await _handle_request(method, path, headers, body, query_params)
    action = headers.get("x-amz-target", "").split(".")[-1]
    if action in _CHANGES and answer[0] < 300:
        tell_of(action, json.loads(body or b"{}"), json.loads(answer[2]))
    return answer


def tell_of(action, request, response):
    """The record of a call, as a trail of the account's hands it to EventBridge."""
    parameters = {name[0].lower() + name[1:]: value for name, value in request.items() if name in _TOLD}
    _, secret = secretsmanager._resolve(request.get("SecretId") or request.get("Name"))
    arn = response.get("ARN") or (secret or {}).get("ARN")
    # The case of the ARN is another from call to call, and of a creation nothing is told ("CloudTrail entries").
    elements = {"CreateSecret": None, "DeleteSecret": {"aRN": arn}}.get(action, {"arn": arn})
    call = {"eventType": "AwsApiCall", "requestParameters": parameters, "responseElements": elements}
    send("AWS API Call via CloudTrail", action, call)
    if action == "RotateSecret":
        done = {"eventType": "AwsServiceEvent", "requestParameters": None, "responseElements": None}
        send("AWS Service Event via CloudTrail", "RotationSucceeded", {**done, "additionalEventData": {"SecretId": arn}})


def send(detail_type, name, more):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    detail = {
        "eventVersion": "1.09",
        "eventTime": now,
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": name,
        "awsRegion": get_region(),
        "readOnly": False,
        "managementEvent": True,
        "recipientAccountId": get_account_id(),
        **more,
    }
    eventbridge._dispatch_event(
        {
            "EventId": new_uuid(),
            "Source": "aws.secretsmanager",
            "DetailType": detail_type,
            "Detail": json.dumps(detail),
            "EventBusName": "default",
            "Time": now,
            "Resources": [],
            "Account": get_account_id(),
            "Region": get_region(),
        }
    )


def request_tag_context(service, iam_action, body, params):
    """The tags of the secret that is asked for ("Condition keys for AWS Secrets Manager", aws:ResourceTag)."""
    context = _request_tag_context(service, iam_action, body, params)
    if service != "secretsmanager":
        return context
    asked = json.loads(body or b"{}")
    _, secret = secretsmanager._resolve(asked.get("SecretId"))
    for tag in (secret or {}).get("Tags", []):
        for prefix in ("aws:ResourceTag", "secretsmanager:ResourceTag"):
            context[f"{prefix}/{tag['Key']}".lower()] = tag["Value"]
    return context


def install():
    secretsmanager.handle_request = handle_request
    iam_actions.request_tag_context = request_tag_context

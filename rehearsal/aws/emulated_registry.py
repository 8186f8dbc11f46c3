"""ECR of the local AWS: its registry is a real one beside the emulator, which says where."""

import os
import time

from ministack.core.responses import json_response
from ministack.services import ecr


def authorization_token(_data):
    data = {
        "authorizationToken": os.environ["REGISTRY_TOKEN"],
        "expiresAt": int(time.time()) + 43200,
        "proxyEndpoint": os.environ["REGISTRY_URL"],
    }
    return json_response({"authorizationData": [data]})


def install():
    ecr._get_authorization_token = authorization_token

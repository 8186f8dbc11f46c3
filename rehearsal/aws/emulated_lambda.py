"""Lambda of the local AWS: an error has the name that the handler gave it, which is what state machines look at."""

import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_execute = lambda_svc._execute_function_warm
_invoke = lambda_runtime.Worker.invoke
_last = threading.local()

_TELLS = 'trace: err.stack || ""'


def invoke(worker, *args, **kwargs):
    result = _invoke(worker, *args, **kwargs)
    _last.name = result.get("name")
    return result


def execute(func, event, request_id):
    """The errorType is the error's name ("Lambda function errors in Node.js")."""
    _last.name = None
    result = _execute(func, event, request_id)
    body = result.get("body")
    if result.get("error") and _last.name and body.get("errorType") == "Runtime.HandlerError":
        body["errorType"] = _last.name
    return result


def install():
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    if _TELLS not in script:
        raise RuntimeError("expected the worker of MiniStack 1.5.33, found another: see tools/python.ts")
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(_TELLS, f"{_TELLS}, name: err.name")
    lambda_runtime.Worker.invoke = invoke
    lambda_svc._execute_function_warm = execute

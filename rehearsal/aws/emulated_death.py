"""Death and return of the local AWS: its memory outlives the process, for a real outage loses no data.

Told to by SIGUSR1 it dies at once, with the functions that it runs. What it knew is written to the file
EMULATOR_MEMORY by a copy of the process, from the moment of its death, and taken in again at the next start.
"""

import asyncio
import contextvars
import importlib
import os
import pickle
import signal
import sys
import threading
import uuid

from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict, now_iso, request_scope
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc, s3, stepfunctions

# What services know besides their stores by account: sessions of roles, when schedules fired last, and the like.
_OTHERS = {
    "cloudfront": ["_vpc_origin_etags_issued"],
    "ec2": ["_default_initialized_scopes"],
    "scheduler": ["_schedule_last_fired"],
    "sts": ["_sessions"],
}

# Events of objects that nobody has been told of yet, in the order of coming.
_untold = {}
_event = contextvars.ContextVar("event", default=None)
_fire = s3._fire_s3_event
_fire_async = s3._fire_s3_event_async


def fire_async(bucket, *args, **kwargs):
    """S3 tells of every change at least once, so it must know after a death whom it still has to tell."""
    if bucket not in s3._bucket_notifications:
        return
    event = uuid.uuid4().hex
    _untold[event] = (get_account_id(), get_region(), (bucket, *args), kwargs)
    before = _event.set(event)
    try:
        _fire_async(bucket, *args, **kwargs)
    finally:
        _event.reset(before)


def fire(*args, **kwargs):
    try:
        _fire(*args, **kwargs)
    finally:
        _untold.pop(_event.get(), None)


def stores():
    """Every store of every service that is in use, by the service's module and the store's name."""
    for module, service in list(sys.modules.items()):
        if not module.startswith("ministack.services.") or service is None:
            continue
        name = module.removeprefix("ministack.services.")
        for store, value in list(vars(service).items()):
            # Names that are imported belong to another module; what is taken in twice is the same.
            if isinstance(value, (AccountScopedDict, AccountRegionScopedDict)):
                yield name, store, value._data
            elif store in _OTHERS.get(name, []):
                yield name, store, value


class Memory(pickle.Pickler):
    """Writes stores down; a lock among them is another one afterwards, held by nobody."""

    def reducer_override(self, value):
        if isinstance(value, type(threading.Lock())):
            return threading.Lock, ()
        if isinstance(value, type(threading.RLock())):
            return threading.RLock, ()
        return NotImplemented


def remember(file):
    known = [(module, store, data) for module, store, data in stores()]
    unfinished = f"{file}.unfinished"
    with open(unfinished, "wb") as out:
        Memory(out, protocol=5).dump((known, list(_untold.values())))
    os.replace(unfinished, file)


def die(file):
    """Ends the process and its functions by SIGKILL; a copy of it that has no connections writes down what it knew."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        # Out of the group that dies, and with none of its connections.
        os.setsid()
        os.closerange(3, writer)
        os.closerange(writer + 1, os.sysconf("SC_OPEN_MAX"))
        os.close(writer)
        try:
            remember(file)
        except BaseException as error:
            print(f"the local AWS forgets everything: {error!r}", file=sys.stderr, flush=True)
        os._exit(0)
    os.close(writer)
    os.read(reader, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def take_in(file):
    """Brings back what was known; what only a process knows, such as a running execution, is lost with it."""
    with open(file, "rb") as source:
        known, untold = pickle.load(source)
    os.remove(file)
    for module, store, data in known:
        value = getattr(importlib.import_module(f"ministack.services.{module}"), store)
        value = getattr(value, "_data", value)
        value.clear()
        value.update(data)
    for execution in stepfunctions._executions._data.values():
        if execution["status"] == "RUNNING":
            execution.update(status="FAILED", stopDate=now_iso(), error="States.Runtime", cause="The service went down.")
    return untold


def go_on(untold):
    """Polls again for the functions, and tells what was not told."""
    if lambda_svc._esms.has_any():
        lambda_svc._ensure_poller()
    for account, region, args, kwargs in untold:
        with request_scope(account, region):
            fire_async(*args, **kwargs)


def mortal(app):
    """The app, that dies by the signal and comes back as it was."""
    file = os.environ["EMULATOR_MEMORY"]
    untold = take_in(file) if os.path.exists(file) else []

    async def run(scope, receive, send):
        if scope["type"] != "lifespan":
            return await app(scope, receive, send)

        async def started(message):
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                # Between two steps of requests, so that none is remembered by halves.
                asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, die, file)
                asyncio.get_running_loop().call_later(0.2, go_on, untold)

        await app(scope, receive, started)

    return run


def install():
    s3._fire_s3_event = fire
    s3._fire_s3_event_async = fire_async

"""Step Functions of the local AWS, with what the emulator's lacks and our machines rely on."""

import json
import threading

from ministack.services import stepfunctions as sfn

_add_event = sfn._add_event
_fail_execution = sfn._fail_execution
_run_distributed_map = sfn._run_distributed_map
_run_execution = sfn._run_execution
_run_sub_machine = sfn._run_sub_machine


class Ended(Exception):
    """An execution was aborted or has timed out: nothing of it goes on, no Retry and no Catch."""


def run_distributed_map(state, raw_input, effective, iterator, execution, ctx):
    """A Distributed Map hands its items over in batches ("ItemBatcher"), and may be written in JSONata."""
    if sfn._state_query_language(state, ctx) == "JSONata":
        return run_jsonata_map(state, raw_input, iterator, execution, ctx)
    batcher = state.get("ItemBatcher")
    if batcher:
        items = sfn._read_map_items(state["ItemReader"], effective, ctx)
        effective = [{"Items": batch} for batch in batches(items, batcher)]
        state = {key: value for key, value in state.items() if key not in ("ItemReader", "ItemBatcher")}
    return _run_distributed_map(state, raw_input, effective, iterator, execution, ctx)


def batches(items, batcher):
    batch, size = [], 0
    for item in items:
        length = len(json.dumps(item))
        full = len(batch) >= batcher.get("MaxItemsPerBatch", len(items))
        if batch and (full or size + length > batcher.get("MaxInputBytesPerBatch", 262144)):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch


def run_jsonata_map(state, raw_input, iterator, execution, ctx):
    """The reader, the selector and the output are expressions; what runs for an item sees no variables."""
    reader = state["ItemReader"]
    reader = {**reader, "Arguments": sfn._apply_jsonata_template(reader["Arguments"], raw_input, ctx)}
    items = sfn._read_map_items(reader, raw_input, ctx)
    if not isinstance(items, list):
        raise sfn._ExecutionError("States.ItemReaderFailed", "Attempting to map over non-iterable node.")
    selector = state.get("ItemSelector")
    if selector:
        items = [
            sfn._apply_jsonata_template(selector, raw_input, {**ctx, "Map": {"Item": {"Index": index, "Value": item}}})
            for index, item in enumerate(items)
        ]
    plain = {key: value for key, value in state.items() if key not in ("ItemReader", "ItemSelector", "Output", "Assign")}
    results, _ = _run_distributed_map(plain, items, items, iterator, execution, {**ctx, "variables": {}})
    output = sfn._apply_jsonata_output(state, raw_input, ctx, result=results, default=results)
    sfn._apply_state_assign(state, raw_input, ctx, result=results)
    return output, sfn._next_or_end(state)


def run_sub_machine(states, start_at, input_data, execution, ctx):
    """A Map Run begins nothing more once its execution has ended, or once more has failed than it tolerates."""
    run = sfn._map_runs.get(execution.get("mapRunArn"))
    if run:
        parent = sfn._executions.get(run["executionArn"])
        tolerated = run["toleratedFailureCount"] or run["toleratedFailurePercentage"]
        if not parent or parent["status"] != "RUNNING" or (run["executionCounts"]["failed"] and not tolerated):
            raise Ended("the Map Run has ended")
    return _run_sub_machine(states, start_at, input_data, execution, ctx)


def add_event(execution, event_type, details=None):
    """What is not running any more begins no further try."""
    if event_type == "TaskScheduled" and execution["status"] != "RUNNING":
        raise Ended(execution["status"])
    return _add_event(execution, event_type, details)


def fail_execution(execution, error, cause):
    """What was aborted or has timed out stays so."""
    if execution["status"] == "RUNNING":
        _fail_execution(execution, error, cause)


def run_execution(exec_arn):
    """An execution ends when the TimeoutSeconds of its machine are over, wherever it is."""
    execution = sfn._executions.get(exec_arn)
    machine = sfn._state_machines.get(execution["stateMachineArn"]) if execution else None
    seconds = json.loads(machine["definition"]).get("TimeoutSeconds") if machine else None
    if seconds is None:
        return _run_execution(exec_arn)
    timer = threading.Timer(seconds, time_out, [execution])
    timer.daemon = True
    timer.start()
    try:
        return _run_execution(exec_arn)
    finally:
        timer.cancel()


def time_out(execution):
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=sfn.now_iso(), error="States.Timeout")
    _add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {}})


def install():
    sfn._add_event = add_event
    sfn._fail_execution = fail_execution
    sfn._run_distributed_map = run_distributed_map
    sfn._run_execution = run_execution
    sfn._run_sub_machine = run_sub_machine
    # As the SDK for Java calls them, with the suffix that all of them have ("AWS SDK service integrations").
    sfn._AWS_SDK_ERROR_CODE_OVERRIDES["rds"].update(
        DBInstanceAlreadyExists="DbInstanceAlreadyExistsException",
        DBInstanceNotFound="DbInstanceNotFoundException",
        InvalidDBInstanceState="InvalidDbInstanceStateException",
    )
    sfn._QUERY_PARAM_NAME_OVERRIDES["rds", "CreateDBInstanceReadReplica"] = {
        "VpcSecurityGroupIds": "VpcSecurityGroupIds"
    }

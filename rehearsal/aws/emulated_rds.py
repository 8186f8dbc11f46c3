"""RDS of the local AWS: replicas that are real servers, which the rehearsal runs and tells of at DATABASE_INSTANCES."""

import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request

from ministack.services import rds

_create_read_replica = rds._create_read_replica
_delete_db_instance = rds._delete_db_instance
_instance_xml = rds._instance_xml

# AWS's own proxies are not ours: these are on the loopback.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(method, **query):
    """What stands behind a record; None where nothing does."""
    url = f"{os.environ['DATABASE_INSTANCES']}/?{urllib.parse.urlencode(query)}"
    try:
        with _OPENER.open(urllib.request.Request(url, method=method), timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def instance_xml(instance):
    """An instance has the status and the address of its server, and no address until there is a server."""
    told = ask("GET", arn=instance["DBInstanceArn"])
    if not told or instance["DBInstanceStatus"] == "deleting":
        return _instance_xml(instance)
    instance = {**instance, "DBInstanceStatus": told["status"]}
    if "address" in told:
        endpoint = {**instance["Endpoint"], "Address": told["address"], "Port": told["port"]}
        return _instance_xml({**instance, "Endpoint": endpoint})
    return re.sub("<Endpoint>.*?</Endpoint>", "", _instance_xml(instance), count=1, flags=re.DOTALL)


def create_read_replica(p):
    """A replica has no backups and is protected from nothing, whatever its source is ("CreateDBInstanceReadReplica")."""
    source = rds._resolve_instance(rds._p(p, "SourceDBInstanceIdentifier"))
    if source and int(source.get("BackupRetentionPeriod") or 0) == 0:
        return rds._error(
            "InvalidDBInstanceState", "Automated backups are not enabled for this database instance.", 400
        )
    answer = _create_read_replica(p)
    if answer[0] != 200:
        return answer
    replica = rds._instances[rds._p(p, "DBInstanceIdentifier")]
    replica["DeletionProtection"] = rds._p(p, "DeletionProtection") == "true"
    replica["BackupRetentionPeriod"] = 0
    replica["MultiAZ"] = rds._p(p, "MultiAZ") == "true"
    groups = rds._parse_member_list(p, "VpcSecurityGroupIds")
    # Not the source's: the VPC's default group, when none is named.
    replica["VpcSecurityGroups"] = [
        {"VpcSecurityGroupId": group, "Status": "active"} for group in groups or ["sg-default"]
    ]
    ask("PUT", arn=replica["DBInstanceArn"], source=source["DBInstanceArn"])
    return rds._single_instance_response(
        "CreateDBInstanceReadReplicaResponse", "CreateDBInstanceReadReplicaResult", replica
    )


def delete_db_instance(p):
    """What is being created can't be deleted yet; with a replica's record its server goes, and its source forgets it."""
    instance = rds._resolve_instance(rds._p(p, "DBInstanceIdentifier"))
    source = instance and rds._instances.get(instance.get("ReadReplicaSourceDBInstanceIdentifier"))
    if source:
        told = ask("GET", arn=instance["DBInstanceArn"])
        if told and told["status"] == "creating":
            message = f"Instance {instance['DBInstanceIdentifier']} is currently creating - it can't be deleted."
            return rds._error("InvalidDBInstanceState", message, 400)
    answer = _delete_db_instance(p)
    if source and answer[0] == 200:
        ask("DELETE", arn=instance["DBInstanceArn"])
        replicas = source.get("ReadReplicaDBInstanceIdentifiers", [])
        source["ReadReplicaDBInstanceIdentifiers"] = [
            name for name in replicas if name != instance["DBInstanceIdentifier"]
        ]
    return answer


def install():
    rds._instance_xml = instance_xml
    rds._ACTION_MAP["CreateDBInstanceReadReplica"] = create_read_replica
    rds._ACTION_MAP["DeleteDBInstance"] = delete_db_instance

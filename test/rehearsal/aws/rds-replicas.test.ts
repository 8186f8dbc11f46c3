import { existsSync } from "node:fs";
import {
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
} from "@aws-sdk/client-rds";
import { expect } from "chai";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { awsRemains } from "../../../rehearsal/aws/remains.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const PASSWORD = "not-so-secret";
const INSTANCE = {
  ...{ engine: "mysql", engineVersion: "8.4", instanceClass: "db.t4g.medium", allocatedStorage: 20 },
  ...{ username: "admin", password: PASSWORD, backupRetentionPeriod: 7, skipFinalSnapshot: true },
};

describe("the local AWS's RDS: a read replica", () => {
  const aws = useLocalAws();
  const arnOf = (name: string) => aws.cloud.arn("rds", `db:${name}`);

  before(async () => {
    const parameters = [
      { name: "gtid-mode", value: "ON", applyMethod: "pending-reboot" },
      { name: "enforce_gtid_consistency", value: "ON", applyMethod: "pending-reboot" },
      { name: "lower_case_table_names", value: "1", applyMethod: "pending-reboot" },
      { name: "require_secure_transport", value: "1" },
    ];
    await aws.deploy("aws:rds/parameterGroup:ParameterGroup", { name: "gtid", family: "mysql8.4", parameters });
    const more = { identifier: "shop", dbName: "shop", parameterGroupName: "gtid", deletionProtection: true };
    await aws.deploy("aws:rds/instance:Instance", { ...INSTANCE, ...more });
    await ask("shop", "CREATE TABLE shop.Orders (id INT AUTO_INCREMENT PRIMARY KEY)");
    await ask("shop", "INSERT INTO shop.orders VALUES (), ()");
  });

  async function instanceOf(DBInstanceIdentifier: string): Promise<DBInstance> {
    const { DBInstances = [] } = await aws.cloud.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    return DBInstances[0] as DBInstance;
  }

  const create = (DBInstanceIdentifier: string, SourceDBInstanceIdentifier: string, more = {}) =>
    aws.cloud.rds.send(
      new CreateDBInstanceReadReplicaCommand({ DBInstanceIdentifier, SourceDBInstanceIdentifier, ...more }),
    );
  const remove = (DBInstanceIdentifier: string) =>
    aws.cloud.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  const settled = (name: string) =>
    until(async () => (await instanceOf(name)).DBInstanceStatus !== "creating", "the replica is created", 60_000);

  /** What the master user reads at the address that RDS tells. */
  async function ask(name: string, sql: string): Promise<RowDataPacket[]> {
    const { Address: host, Port: port } = (await instanceOf(name)).Endpoint ?? {};
    const connection = await createConnection({ host, port, user: "admin", password: PASSWORD, ssl: {} });
    try {
      return (await connection.query<RowDataPacket[]>(sql))[0];
    } finally {
      await connection.end();
    }
  }

  it("comes with what its source has, follows it by GTID, and takes no writes", async () => {
    await create("copy", "shop", { VpcSecurityGroupIds: ["sg-1"], Tags: [{ Key: "Purpose", Value: "test" }] });
    const creating = await instanceOf("copy");
    expect(creating.DBInstanceStatus).to.equal("creating");
    expect(creating.Endpoint, "there is no address yet").to.equal(undefined);
    expect((await rejection(remove("copy"))).name, "it can't be deleted yet").to.equal("InvalidDBInstanceStateFault");
    await settled("copy");

    const { DBInstanceStatus, BackupRetentionPeriod, DeletionProtection, MultiAZ, ...copy } = await instanceOf("copy");
    expect(DBInstanceStatus).to.equal("available");
    expect({ BackupRetentionPeriod, DeletionProtection, MultiAZ }).to.deep.equal({
      ...{ BackupRetentionPeriod: 0, DeletionProtection: false, MultiAZ: false },
    });
    expect(copy.ReadReplicaSourceDBInstanceIdentifier).to.equal("shop");
    expect(copy.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId)).to.deep.equal(["sg-1"]);
    expect(await ask("copy", "SELECT COUNT(*) AS n FROM shop.orders")).to.deep.equal([{ n: 2 }]);
    await ask("shop", "INSERT INTO shop.orders VALUES ()");
    await until(
      async () => (await ask("copy", "SELECT COUNT(*) AS n FROM shop.orders"))[0]?.n === 3,
      "the replica has the new row",
    );
    expect(await failure(ask("copy", "INSERT INTO shop.orders VALUES ()"))).to.match(/--read-only/);
    expect(await ask("copy", "SELECT @@log_bin AS binlog, @@gtid_mode AS gtid")).to.deep.equal([
      { binlog: 0, gtid: "ON" },
    ]);
  });

  it("stops and starts following when its master user says so", async () => {
    await ask("copy", "CALL mysql.rds_stop_replication");
    await ask("shop", "INSERT INTO shop.orders VALUES ()");
    expect(await ask("copy", "SELECT COUNT(*) AS n FROM shop.orders")).to.deep.equal([{ n: 3 }]);
    await ask("copy", "CALL mysql.rds_start_replication");
    await until(
      async () => (await ask("copy", "SELECT COUNT(*) AS n FROM shop.orders"))[0]?.n === 4,
      "the replica has caught up",
    );
  });

  it("is of its name alone, and remains until it is deleted, its process with it", async () => {
    expect((await rejection(create("copy", "shop"))).name).to.equal("DBInstanceAlreadyExistsFault");
    expect(await awsRemains(aws.cloud)).to.include("database copy");
    expect((await instanceOf("shop")).ReadReplicaDBInstanceIdentifiers).to.deep.equal(["copy"]);
    const { pid } = aws.cloud.databases.get(arnOf("copy"));
    await remove("copy");
    expect(existsSync(`/proc/${pid}/exe`)).to.equal(false);
    expect(await awsRemains(aws.cloud)).to.not.include("database copy");
    expect((await instanceOf("shop")).ReadReplicaDBInstanceIdentifiers).to.deep.equal([]);
    expect((await rejection(remove("copy"))).name).to.equal("DBInstanceNotFoundFault");
    expect(await ask("shop", "SELECT COUNT(*) AS n FROM shop.orders"), "its source goes on").to.deep.equal([{ n: 4 }]);
  });

  it("is refused of a source that keeps no backups, and fails of one that can't be followed by GTID", async () => {
    const instance = "aws:rds/instance:Instance";
    await aws.deploy(instance, { ...INSTANCE, identifier: "forgetful", backupRetentionPeriod: 0 });
    const error = await rejection(create("none", "forgetful"));
    expect(`${error.name}: ${error.message}`).to.match(
      /InvalidDBInstanceStateFault: Automated backups are not enabled/,
    );
    await aws.deploy(instance, { ...INSTANCE, identifier: "old" });
    await create("failing", "old");
    await settled("failing");
    expect((await instanceOf("failing")).DBInstanceStatus).to.equal("failed");
    await remove("failing");
    expect(aws.cloud.databases.find(arnOf("failing"))).to.equal(undefined);
  });
});

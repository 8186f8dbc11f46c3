import { DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { awsRemains } from "../../../rehearsal/aws/remains.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { rejection } from "../../support/rejection.ts";
import { type Deployed, failure, useLocalAws } from "./local-aws.ts";

const INSTANCE = "aws:rds/instance:Instance";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const SUBNETS = "aws:rds/subnetGroup:SubnetGroup";

/** What a small database of the product gives, and nothing more. */
const SMALL = {
  engine: "mysql",
  engineVersion: "8.4",
  instanceClass: "db.t4g.medium",
  allocatedStorage: 20,
  username: "admin",
  backupRetentionPeriod: 7,
};

describe("the local AWS's RDS", () => {
  const aws = useLocalAws();

  /** A row of what a user reads on the database, over TLS that is verified as the real one's. */
  async function ask(properties: Properties, password: string, sql: string): Promise<RowDataPacket> {
    const { address, port, username } = properties as { address: string; port: number; username: string };
    const ssl = { verifyIdentity: true } as object;
    const connection = await createConnection({ host: address, port, user: username, password, ssl });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      return rows[0] as RowDataPacket;
    } finally {
      await connection.end();
    }
  }

  async function credentials({ properties }: Deployed): Promise<{ username: string; password: string }> {
    const [secret] = properties.masterUserSecrets as { secretArn: string }[];
    const command = new GetSecretValueCommand({ SecretId: secret?.secretArn });
    return JSON.parse((await aws.cloud.secrets.send(command)).SecretString ?? "");
  }

  describe("an instance", () => {
    it("is a real MySQL with the parameters of its group, whose password is in a secret and nowhere else", async () => {
      const group = await aws.deploy(PARAMETERS, {
        name: "product",
        family: "mysql8.4",
        parameters: [
          { name: "gtid-mode", value: "ON", applyMethod: "pending-reboot" },
          { name: "enforce_gtid_consistency", value: "ON", applyMethod: "pending-reboot" },
          { name: "require_secure_transport", value: "ON" },
          { name: "max_allowed_packet", value: "{DBInstanceClassMemory/16}" },
        ],
      });
      const inputs = {
        ...SMALL,
        ...{ identifier: "shop", dbName: "shop", manageMasterUserPassword: true, parameterGroupName: "product" },
        ...{ multiAz: true, storageType: "gp3", storageEncrypted: true, maxAllocatedStorage: 100 },
        ...{ backupWindow: "02:00-03:00", maintenanceWindow: "sun:04:00-sun:05:00", copyTagsToSnapshot: true },
        ...{ skipFinalSnapshot: true, tags: { Name: "shop" } },
      };
      const instance = await aws.deploy(INSTANCE, inputs);
      const { properties } = instance;
      expect(instance.id).to.match(/^db-[A-Z0-9]{20}$/);
      expect(properties.arn).to.equal("arn:aws:rds:eu-central-1:111122223333:db:shop");
      expect(properties.address).to.match(/^127\.\d+\.\d+\.\d+$/);
      expect(properties).to.include({ port: 3306, endpoint: `${properties.address}:3306`, status: "available" });
      expect(properties).to.not.have.property("password");
      expect(await instance.refresh()).to.deep.equal(inputs);

      const { username, password } = await credentials(instance);
      expect(username).to.equal("admin");
      expect(
        await ask(
          properties,
          password,
          "SELECT @@gtid_mode gtid, @@binlog_format format, @@log_bin binlog, @@require_secure_transport tls, @@time_zone zone",
        ),
      ).to.deep.equal({ gtid: "ON", format: "ROW", binlog: 1, tls: 1, zone: "+00:00" });
      expect(await ask(properties, password, "SHOW DATABASES LIKE 'shop'")).to.have.property("Database (shop)", "shop");
      const superuser = await failure(ask(properties, password, "SET GLOBAL max_connections = 10"));
      expect(superuser).to.match(/SUPER or SYSTEM_VARIABLES_ADMIN/);

      expect(await failure(group.delete())).to.match(/in use by shop \(InvalidDBParameterGroupState\)/);
      await instance.delete();
      await instance.delete();
      await group.delete();
      expect(await instance.refresh()).to.equal(undefined);
      expect(await failure(ask(properties, password, "SELECT 1"))).to.match(/ECONNREFUSED/);
      expect((await awsRemains(aws.cloud)).filter((each) => /database|secret|group p/.test(each))).to.deep.equal([]);
    });

    it("is not deleted while it is protected, nor without its last snapshot or the word to do without", async () => {
      const inputs = { ...SMALL, identifier: "kept", password: "not-so-secret", deletionProtection: true };
      const instance = await aws.deploy(INSTANCE, { ...inputs, finalSnapshotIdentifier: "kept-last" });
      expect(await failure(instance.delete())).to.match(/DeletionProtection is enabled/);
      await instance.update({ ...inputs, deletionProtection: false });
      expect(await failure(instance.delete())).to.match(/kept has no finalSnapshotIdentifier.*DeleteDBInstance/);
      expect(await ask(instance.properties, "not-so-secret", "SELECT 1 one")).to.deep.equal({ one: 1 });

      await instance.update({ ...inputs, deletionProtection: false, finalSnapshotIdentifier: "kept-last" });
      await instance.delete();
      const { DBSnapshots = [] } = await aws.cloud.rds.send(new DescribeDBSnapshotsCommand({}));
      expect(DBSnapshots.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier)).to.deep.equal(["kept-last"]);
    });

    it("takes a new password, a managed one, and a change of its group's dynamic parameters at once", async () => {
      const parameters = (value: string) => ({
        name: "changing",
        family: "mysql8.4",
        parameters: [
          { name: "long_query_time", value },
          { name: "innodb_purge_threads", value: "2", applyMethod: "pending-reboot" },
        ],
      });
      const group = await aws.deploy(PARAMETERS, parameters("5"));
      const inputs = { ...SMALL, identifier: "changing", parameterGroupName: "changing", skipFinalSnapshot: true };
      const instance = await aws.deploy(INSTANCE, { ...inputs, password: "first-of-all" });
      await instance.update({ ...inputs, password: "second-to-none" });
      expect(await failure(ask(instance.properties, "first-of-all", "SELECT 1"))).to.match(/Access denied/);
      const time = "SELECT @@global.long_query_time seconds";
      expect(await ask(instance.properties, "second-to-none", time)).to.deep.equal({ seconds: 5 });

      await group.update(parameters("7"));
      expect(await ask(instance.properties, "second-to-none", time)).to.deep.equal({ seconds: 7 });
      expect(await group.refresh()).to.deep.equal(parameters("7"));

      await instance.update({ ...inputs, manageMasterUserPassword: true });
      const { password } = await credentials(instance);
      expect(await ask(instance.properties, password, time)).to.deep.equal({ seconds: 7 });
      await instance.delete();
    });

    it("keeps binary logs as long as its master user says by RDS's own procedure", async () => {
      const inputs = { ...SMALL, identifier: "retentive", password: "not-so-secret", skipFinalSnapshot: true };
      const { properties, ...instance } = await aws.deploy(INSTANCE, inputs);
      const set = (hours: number) => `CALL mysql.rds_set_configuration('binlog retention hours', ${hours})`;
      await ask(properties, "not-so-secret", set(48));
      const seconds = "SELECT @@global.binlog_expire_logs_seconds seconds";
      expect(await ask(properties, "not-so-secret", seconds)).to.deep.equal({ seconds: 48 * 3600 });
      const [shown] = (await ask(
        properties,
        "not-so-secret",
        "CALL mysql.rds_show_configuration()",
      )) as unknown as object[];
      expect(shown).to.include({ name: "binlog retention hours", value: "48" });
      expect(await failure(ask(properties, "not-so-secret", set(169)))).to.match(/between 1 and 168/);
      await instance.delete();
    });

    it("writes no binary log while no backups are kept: nothing could be replicated from it", async () => {
      const inputs = { ...SMALL, identifier: "forgetful", password: "not-so-secret", skipFinalSnapshot: true };
      const instance = await aws.deploy(INSTANCE, { ...inputs, backupRetentionPeriod: 0 });
      const log = "SELECT @@log_bin log";
      expect(await ask(instance.properties, "not-so-secret", log)).to.deep.equal({ log: 0 });
      await instance.update({ ...inputs, backupRetentionPeriod: 1 });
      expect(await ask(instance.properties, "not-so-secret", log)).to.deep.equal({ log: 1 });
      await instance.delete();
    });

    const refused: [string, Properties, RegExp][] = [
      ["capital letters in its name", { identifier: "Shop" }, /"Shop": 1 to 63 lowercase/],
      ["two hyphens in its name", { identifier: "a--b" }, /single hyphens/],
      ["a name that is taken", { identifier: "standing" }, /DBInstanceAlreadyExists/],
      ["another engine", { engine: "postgres" }, /runs MySQL only/],
      ["a release whose support has ended", { engineVersion: "8.0.40" }, /8\.4 and its patches only/],
      ["what is no class", { instanceClass: "t4g.medium" }, /such as db\.m7g\.large/],
      ["too little storage", { allocatedStorage: 19 }, /20 to 65536/],
      ["no room to grow", { maxAllocatedStorage: 21 }, /21 GiB: at least a tenth above/],
      ["IOPS on a small gp3", { storageType: "gp3", iops: 3000 }, /iops: gp3 of MySQL below 400 GiB/],
      ["a small io2", { storageType: "io2" }, /io2 begins at 100 GiB/],
      ["backups for too long", { backupRetentionPeriod: 36 }, /0 to 35/],
      ["two passwords", { manageMasterUserPassword: true }, /beside manageMasterUserPassword/],
      ["no password", { password: undefined }, /no password is given/],
      ["a password with an @", { password: "p@ssword1" }, /it is not 8 to 41/],
      ["a password with a slash", { password: "pass/word1" }, /it is not 8 to 41/],
      ["a user with a hyphen", { username: "db-admin" }, /1 to 16 letters/],
      ["a database that begins with a digit", { dbName: "1st" }, /beginning with a letter/],
      ["a window that is none", { backupWindow: "2:00-3:00" }, /hh:mm-hh:mm/],
      ["a short window", { maintenanceWindow: "sun:04:00-sun:04:20" }, /at least 30 minutes/],
      [
        "windows that meet at midnight",
        { backupWindow: "23:30-00:30", maintenanceWindow: "mon:00:00-mon:01:00" },
        /overlaps the maintenance window/,
      ],
      ["monitoring without a role", { monitoringInterval: 60 }, /needs a role/],
      ["a log that it does not have", { enabledCloudwatchLogsExports: ["error", "binlog"] }, /binlog is none of audit/],
      ["what only replicas have", { replicateSourceDb: "shop" }, /does not carry this input out/],
    ];
    describe("refuses", () => {
      before(async () => {
        await aws.deploy(INSTANCE, { ...SMALL, identifier: "standing", password: "not-so-secret" });
      });
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          const given = { ...SMALL, password: "not-so-secret", ...inputs };
          const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
          expect(await aws.refusals(INSTANCE, known)).to.match(reason);
        });
      }

      const missing: [string, Properties, RegExp][] = [
        ["a group", { parameterGroupName: "none" }, /DBParameterGroupNotFound/],
        ["a group of subnets", { dbSubnetGroupName: "none" }, /DBSubnetGroupNotFoundFault/],
      ];
      for (const [what, inputs, reason] of missing) {
        it(`to be made in ${what} that is not there, of which a preview knows nothing yet`, async () => {
          const given = { ...SMALL, password: "not-so-secret", ...inputs };
          expect(await aws.refusals(INSTANCE, given)).to.equal("");
          expect((await rejection(aws.deploy(INSTANCE, given))).message).to.match(reason);
        });
      }

      it("to shrink, to move and to be renamed", async () => {
        const former = { ...SMALL, identifier: "standing", allocatedStorage: 50, password: "not-so-secret" };
        const next = { ...former, identifier: "moved", allocatedStorage: 40, port: 3307 };
        const reasons = await aws.refusals(INSTANCE, next, { ...former, port: 3306 });
        expect(reasons).to.match(/allocatedStorage: 40 GiB is less than it has, 50/);
        expect(reasons).to.match(/identifier: .* from standing/);
        expect(reasons).to.match(/port: .* from 3306/);
        expect(await aws.refusals(INSTANCE, former, former)).to.equal("");
      });
    });
  });

  describe("a parameter group", () => {
    const refused: [string, Properties, RegExp][] = [
      ["a name with a dot", { name: "a.b" }, /is no name of a parameter group/],
      ["another family", { family: "mysql8.0" }, /expected mysql8\.4, found mysql8\.0/],
      [
        "a parameter that MySQL does not have",
        { parameters: [{ name: "query_cache_size", value: "1" }] },
        /no parameter/,
      ],
      [
        "MySQL's newer name of GTIDs' mode",
        { parameters: [{ name: "gtid_mode", value: "ON" }] },
        /it is "gtid-mode" there/,
      ],
      ["what RDS sets itself", { parameters: [{ name: "server_id", value: "1" }] }, /not modifiable/],
      [
        "a static parameter that is to apply at once",
        { parameters: [{ name: "performance_schema", value: "1" }] },
        /"performance_schema" is static.*pending-reboot/,
      ],
      [
        "a parameter twice",
        { parameters: ["1", "2"].map((value) => ({ name: "wait_timeout", value })) },
        /given more than once/,
      ],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(PARAMETERS, { name: "a-group", family: "mysql8.4", ...inputs })).to.match(reason);
      });
    }

    it("may have more parameters than one call takes, and loses what is no longer given", async () => {
      const names =
        "auto_increment_increment auto_increment_offset binlog_cache_size binlog_stmt_cache_size " +
        "bulk_insert_buffer_size connect_timeout cte_max_recursion_depth div_precision_increment eq_range_index_dive_limit " +
        "flush_time group_concat_max_len innodb_lock_wait_timeout interactive_timeout join_buffer_size lock_wait_timeout " +
        "max_connect_errors max_error_count max_heap_table_size max_join_size net_read_timeout net_retry_count wait_timeout";
      const all = names.split(" ").map((name) => ({ name, value: "100" }));
      const inputs = { name: "long", family: "mysql8.4", parameters: all };
      const group = await aws.deploy(PARAMETERS, inputs);
      expect(await group.refresh()).to.deep.equal(inputs);
      await group.update({ ...inputs, parameters: all.slice(0, 1) });
      expect(await group.refresh()).to.deep.equal({ ...inputs, parameters: all.slice(0, 1) });
      await group.delete();
      await group.delete();
      expect(await group.refresh()).to.equal(undefined);
    });
  });

  describe("a subnet group", () => {
    let subnetIds: string[];
    before(async () => {
      const vpc = await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.16.0.0/16" });
      const zones = ["a", "b"].map((letter) => `eu-central-1${letter}`);
      const subnets = zones.map((availabilityZone, index) =>
        aws.deploy("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock: `10.16.${index}.0/24`, availabilityZone }),
      );
      subnetIds = (await Promise.all(subnets)).map(({ id }) => id);
    });

    it("is made, takes other tags, is kept while a database lies in it, and is gone once it is deleted", async () => {
      const inputs = { name: "data", subnetIds, tags: { Name: "a" } };
      const group = await aws.deploy(SUBNETS, inputs);
      expect(group.properties.arn).to.equal("arn:aws:rds:eu-central-1:111122223333:subgrp:data");
      expect(await group.refresh()).to.deep.equal(inputs);
      await group.update({ ...inputs, tags: { Other: "b" } });
      expect(await group.refresh()).to.deep.equal({ ...inputs, tags: { Other: "b" } });

      const database = { ...SMALL, identifier: "placed", password: "not-so-secret", dbSubnetGroupName: "data" };
      const instance = await aws.deploy(INSTANCE, { ...database, skipFinalSnapshot: true });
      expect(await failure(group.delete())).to.match(/in use by placed/);
      await instance.delete();
      await group.delete();
      await group.delete();
      expect(await group.refresh()).to.equal(undefined);
    });

    it("refuses one zone, a subnet that is not there, and a name that RDS keeps for itself", async () => {
      expect(await aws.refusals(SUBNETS, { name: "one", subnetIds: subnetIds.slice(0, 1) })).to.match(/cover 1 zone/);
      expect(await aws.refusals(SUBNETS, { name: "none", subnetIds: ["subnet-none"] })).to.match(
        /no subnet subnet-none/,
      );
      expect(await aws.refusals(SUBNETS, { name: "default", subnetIds })).to.match(/and not "default"/);
    });
  });
});

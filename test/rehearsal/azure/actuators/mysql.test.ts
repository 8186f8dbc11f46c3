import { expect } from "chai";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { MysqlServerPower } from "../../../../rehearsal/azure/mysql-servers.ts";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import {
  CONFIGURATION,
  DATABASE,
  type Deployed,
  GROUP,
  NETWORK,
  SERVER,
  useLocalAzure,
} from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

const PASSWORD = "Correct-horse-7";

/** What a small server of the product gives. */
const SMALL = {
  administratorLogin: "shopadmin",
  administratorLoginPassword: PASSWORD,
  version: "8.4",
  sku: { name: "Standard_B2s", tier: "Burstable" },
  storage: { storageSizeGB: 20, autoGrow: "Enabled" },
  backup: { backupRetentionDays: 7, geoRedundantBackup: "Disabled" },
};

describe("a MySQL flexible server of the local Azure", () => {
  const azure = useLocalAzure();
  let group: string;
  before(async () => {
    group = await azure.group();
  });

  const named = (serverName: string, more: Properties = {}) => ({
    ...SMALL,
    resourceGroupName: group,
    serverName,
    ...more,
  });
  const configure = (serverName: string, configurationName: string, value: string) =>
    azure.deploy(CONFIGURATION, { resourceGroupName: group, serverName, configurationName, value });

  /** A row of what the administrator reads at the standard port, over TLS that is verified as the real one's. */
  async function ask({ properties }: Deployed, sql: string, password = PASSWORD): Promise<RowDataPacket> {
    const { fullyQualifiedDomainName: host, administratorLogin: user } = properties as Record<string, string>;
    const ssl = { verifyIdentity: true } as object;
    const connection = await createConnection({ host, user, password, ssl });
    try {
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      return rows[0] as RowDataPacket;
    } finally {
      await connection.end();
    }
  }

  it("is a real MySQL with Azure's own values, which configurations change and their removal brings back", async () => {
    const server = await azure.deploy(SERVER, named("product"));
    expect(server.id).to.match(/\/providers\/Microsoft\.DBforMySQL\/flexibleServers\/product$/);
    expect(server.properties.fullyQualifiedDomainName).to.match(/^127\.\d+\.\d+\.\d+$/);
    expect(await server.refresh()).to.deep.equal(named("product"));

    const values =
      "SELECT @@gtid_mode gtid, @@sql_generate_invisible_primary_key invisible, @@lower_case_table_names names, @@require_secure_transport tls";
    const azures = { gtid: "OFF", invisible: 1, names: 1, tls: 1 };
    expect(await ask(server, values)).to.deep.equal(azures);
    const visible = await configure("product", "sql_generate_invisible_primary_key", "OFF");
    expect(await ask(server, values)).to.deep.equal({ ...azures, invisible: 0 });
    await visible.update({ ...(await visible.refresh()), value: "ON" });
    expect(await ask(server, values)).to.deep.equal(azures);
    await visible.update({ ...(await visible.refresh()), value: "OFF" });
    await visible.delete();
    expect(await ask(server, values)).to.deep.equal(azures);

    const place = { resourceGroupName: group, serverName: "product" };
    const database = await azure.deploy(DATABASE, { ...place, databaseName: "shop", charset: "utf8mb4" });
    expect(await ask(server, "SHOW DATABASES LIKE 'shop'")).to.have.property("Database (shop)", "shop");
    await database.delete();
    expect(await ask(server, "SHOW DATABASES LIKE 'shop'")).to.equal(undefined);

    await server.update(named("product", { administratorLoginPassword: "Battery-staple-8" }));
    expect((await rejection(ask(server, "SELECT 1"))).message).to.match(/Access denied/);
    expect(await ask(server, "SELECT 1 one", "Battery-staple-8")).to.deep.equal({ one: 1 });

    await server.delete();
    await server.delete();
    expect((await rejection(ask(server, "SELECT 1"))).message).to.match(/ECONNREFUSED/);
  });

  it("stops and starts with its data and its parameters; while it is stopped nothing of it can be changed", async () => {
    const server = await azure.deploy(SERVER, named("sleeper"));
    const buffer = await configure("sleeper", "innodb_purge_threads", "2");
    await configure("sleeper", "wait_timeout", "600");
    const place = { resourceGroupName: group, serverName: "sleeper" };
    await azure.deploy(DATABASE, { ...place, databaseName: "shop" });
    const power = new MysqlServerPower({ databases: azure.databases, resources: azure.local.resources });
    const { pid } = azure.databases.get(server.id);

    await power.stop(server.id);
    expect(power.state(server.id.toUpperCase())).to.equal("Stopped");
    expect(() => process.kill(Number(pid), 0), "the process is gone").to.throw(/ESRCH/);
    expect((await rejection(ask(server, "SELECT 1"))).message).to.match(/ECONNREFUSED/);
    expect((await rejection(configure("sleeper", "max_connections", "200"))).message).to.match(/is stopped/);
    expect((await rejection(buffer.delete())).message).to.match(/is stopped/);
    expect((await rejection(server.update(named("sleeper", { tags: { Name: "a" } })))).message).to.match(/is stopped/);

    await power.start(server.id);
    await power.start(server.id);
    expect(power.state(server.id)).to.equal("Ready");
    expect(await ask(server, "SHOW DATABASES LIKE 'shop'")).to.have.property("Database (shop)", "shop");
    // A static parameter had waited for this start.
    expect(await ask(server, "SELECT @@innodb_purge_threads threads, @@global.wait_timeout seconds")).to.deep.equal({
      threads: 2,
      seconds: 600,
    });
    await power.stop(server.id);
    await server.delete();
  });

  it("goes with its group, stopped or not, and no process is left", async () => {
    const own = await azure.deploy(GROUP, { resourceGroupName: "doomed" });
    const server = await azure.deploy(SERVER, { ...named("doomed"), resourceGroupName: "doomed" });
    const place = { resourceGroupName: "doomed", serverName: "doomed" };
    await azure.deploy(DATABASE, { ...place, databaseName: "shop" });
    await new MysqlServerPower({ databases: azure.databases, resources: azure.local.resources }).stop(server.id);
    await own.delete();
    expect(azure.databases.find(server.id)).to.equal(undefined);
  });

  it("can be led to follow another server: the administrator has Azure's procedures, and accounts are left out", async () => {
    const server = await azure.deploy(SERVER, named("follower"));
    const procedures =
      "SELECT COUNT(*) known FROM information_schema.routines WHERE routine_name LIKE 'az\\_replication\\_%'";
    expect(await ask(server, procedures)).to.deep.equal({ known: 4 });
    const filters = "SELECT filter_rule rule FROM performance_schema.replication_applier_global_filters";
    expect(await ask(server, filters)).to.deep.equal({ rule: "mysql.%" });

    const power = new MysqlServerPower({ databases: azure.databases, resources: azure.local.resources });
    expect(power.refusal(server.id, "gtid_mode", "ON")).to.match(/one step at a time/);
    expect(power.refusal(server.id, "gtid_mode", "OFF_PERMISSIVE")).to.equal(undefined);
    expect(power.refusal(server.id, "none", "1")).to.match(/no server parameter/);
    expect(await power.parameter(server.id, "replicate_wild_ignore_table")).to.equal("mysql.%");
    await power.configure(server.id, "wait_timeout", "700");
    expect(await ask(server, "SELECT @@global.wait_timeout seconds")).to.deep.equal({ seconds: 700 });
    expect(await power.parameter(server.id, "wait_timeout")).to.equal("700");
    expect(await power.parameter(server.id, "none")).to.equal(undefined);
    const gtid = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-7";
    await power.resetGtid(server.id, gtid);
    expect(await ask(server, "SELECT @@global.gtid_executed gtid")).to.deep.equal({ gtid });
    await server.delete();
  });

  describe("GTIDs", () => {
    it("are turned on one step at a time and never off, as Azure has it", async () => {
      const server = await azure.deploy(SERVER, named("steps"));
      expect((await rejection(configure("steps", "gtid_mode", "ON"))).message).to.match(
        /gtid_mode is OFF and is to be ON: it goes up one step at a time/,
      );
      await configure("steps", "enforce_gtid_consistency", "ON");
      const mode = await configure("steps", "gtid_mode", "OFF_PERMISSIVE");
      for (const value of ["ON_PERMISSIVE", "ON"]) await mode.update({ ...(await mode.refresh()), value });
      expect(await ask(server, "SELECT @@gtid_mode gtid")).to.deep.equal({ gtid: "ON" });
      const back = mode.update({ ...(await mode.refresh()), value: "ON_PERMISSIVE" });
      expect((await rejection(back)).message).to.match(/never down/);
      await server.delete();
    });

    it("are on from the start where there is a standby", async () => {
      const larger = { sku: { name: "Standard_D2ds_v4", tier: "GeneralPurpose" } };
      const server = await azure.deploy(SERVER, named("pair", { ...larger, highAvailability: { mode: "SameZone" } }));
      expect(await ask(server, "SELECT @@gtid_mode gtid")).to.deep.equal({ gtid: "ON" });
      await server.delete();
    });
  });

  describe("refuses", () => {
    before(() => azure.deploy(SERVER, named("standing")));

    const refused: [string, Properties, RegExp][] = [
      ["a name with capital letters", { serverName: "Product" }, /3 to 63 lowercase letters/],
      ["a name that is taken", { serverName: "standing", resourceGroupName: "elsewhere" }, /ServerNameAlreadyExists/],
      ["another release", { version: "8.0.21" }, /runs 8\.4 only/],
      ["a login that Azure keeps", { administratorLogin: "admin" }, /none of azure_superuser, admin/],
      ["a short password", { administratorLoginPassword: "Sh0rt" }, /8 to 128 characters/],
      ["a password of two kinds", { administratorLoginPassword: "onlysmallletters1" }, /three kinds/],
      ["a password with the login in it", { administratorLoginPassword: "Shopadmin-77" }, /without the login/],
      [
        "a size of another tier",
        { sku: { name: "Standard_B2s", tier: "GeneralPurpose" } },
        /no size of the tier General/,
      ],
      ["an unknown tier", { sku: { name: "Standard_B2s", tier: "Basic" } }, /none of Burstable/],
      ["too little storage", { storage: { storageSizeGB: 10 } }, /20 to 16384/],
      ["backups for too long", { backup: { backupRetentionDays: 36 } }, /1 to 35 days/],
      ["a standby of a burstable server", { highAvailability: { mode: "ZoneRedundant" } }, /burstable servers have no/],
      ["a restore", { createMode: "PointInTimeRestore" }, /makes new servers only/],
      ["a key of one's own", { dataEncryption: { type: "AzureKeyVault" } }, /does not carry this input out/],
      ["a subnet that is not there", { network: { delegatedSubnetResourceId: "/none" } }, /SubnetNotFound/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(what, async () => {
        expect(await azure.refusals(SERVER, named("fresh", inputs))).to.match(reason);
      });
    }

    it("a subnet that is not delegated, and a private network without its zone", async () => {
      const network = await azure.deploy(NETWORK, {
        resourceGroupName: group,
        virtualNetworkName: "a-network",
        addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
        subnets: [
          { name: "app", addressPrefix: "10.20.0.0/24" },
          {
            name: "data",
            addressPrefix: "10.20.1.0/24",
            delegations: [{ name: "mysql", serviceName: "Microsoft.DBforMySQL/flexibleServers" }],
          },
        ],
      });
      const zone = (name: string) => `/subscriptions/x/providers/Microsoft.Network/privateDnsZones/${name}`;
      const place = (subnet: string, privateDnsZoneResourceId?: string) =>
        azure.refusals(
          SERVER,
          named("placed", {
            network: { delegatedSubnetResourceId: `${network.id}/subnets/${subnet}`, privateDnsZoneResourceId },
          }),
        );
      expect(await place("app", zone("shop.mysql.database.azure.com"))).to.match(/app is not delegated/);
      expect(await place("data")).to.match(/a server in a network needs one/);
      expect(await place("data", zone("shop.internal"))).to.match(/must end with \.mysql\.database\.azure\.com/);
      expect(await place("data", zone("shop.mysql.database.azure.com"))).to.equal("");
    });

    it("to shrink", async () => {
      const larger = named("standing", { storage: { storageSizeGB: 64 } });
      expect(await azure.refusals(SERVER, named("standing"), larger)).to.match(/20 GiB is less than it has, 64/);
    });

    const parameters: [string, Properties, RegExp][] = [
      ["a parameter that MySQL does not have", { configurationName: "query_cache_size" }, /ServerParameterNotFound/],
      ["what is settled at creation", { configurationName: "lower_case_table_names" }, /is Azure's to set/],
      ["statements in the binary log", { configurationName: "binlog_format", value: "STATEMENT" }, /expected ROW/],
      ["an unknown source", { configurationName: "wait_timeout", source: "me" }, /is no source/],
      [
        "a server that is not there",
        { configurationName: "wait_timeout", serverName: "none" },
        /ParentResourceNotFound/,
      ],
    ];
    for (const [what, inputs, reason] of parameters) {
      it(what, async () => {
        const place = { resourceGroupName: group, serverName: "standing", value: "1" };
        expect(await azure.refusals(CONFIGURATION, { ...place, ...inputs })).to.match(reason);
      });
    }

    it("a value that MySQL refuses, in MySQL's words", async () => {
      const { message } = await rejection(configure("standing", "innodb_flush_log_at_trx_commit", "sometimes"));
      expect(message).to.match(/innodb_flush_log_at_trx_commit can't be sometimes: Incorrect argument type/);
    });

    it("a database of MySQL's own", async () => {
      const place = { resourceGroupName: group, serverName: "standing" };
      expect(await azure.refusals(DATABASE, { ...place, databaseName: "mysql" })).to.match(/is MySQL's own/);
    });

    it("nothing about what only Azure knows: it is kept, and told to no MySQL", async () => {
      const audit = await configure("standing", "audit_log_enabled", "ON");
      expect(audit.properties).to.include({ currentValue: "ON" });
      await audit.delete();
    });
  });
});

import { expect } from "chai";
import { hostOf, resolver, untilAnswered } from "../../operations/names.ts";
import { useNameServer } from "../support/name-server.ts";
import { rejection } from "../support/rejection.ts";

const NAME = "app.example.com";
const STANDBY = "shop-app.azurefd.net";

describe("whereto a name leads", () => {
  const server = useNameServer();

  it("is the host of its alias, in small letters", async () => {
    server.aliases.set(NAME, "Shop-1.elb.amazonaws.com");
    expect(await hostOf(NAME)).to.equal("shop-1.elb.amazonaws.com");
  });

  it("is nowhere where there is no such name, or it is no alias", async () => {
    expect(await hostOf(NAME)).to.equal(undefined);
    expect(await hostOf("text.example.com")).to.equal(undefined);
  });

  it("is asked of all servers of names that DNS_SERVERS names", () => {
    expect(resolver(1000, "127.0.0.1:5353, [::1]:5353").getServers()).to.deep.equal(["127.0.0.1:5353", "[::1]:5353"]);
  });

  it("is not known where no resolver answers", async () => {
    const { DNS_SERVERS: former } = process.env;
    process.env.DNS_SERVERS = "127.0.0.1:1";
    try {
      expect((await rejection(hostOf(NAME))).message).to.match(
        /^expected an answer for app\.example\.com, found none \(.*ECONNREFUSED.*\)$/,
      );
    } finally {
      process.env.DNS_SERVERS = former;
    }
  });

  it("is waited for until it is one of the hosts, whatever their letters", async () => {
    server.aliases.set(NAME, "d1.cloudfront.net");
    const said: string[] = [];
    const report = (line: string) => {
      said.push(line);
      server.aliases.set(NAME, STANDBY);
    };
    await untilAnswered(NAME, ["elsewhere.net", "Shop-App.azurefd.net."], {
      report,
      signal: AbortSignal.timeout(30_000),
    });
    expect(said).to.deep.equal(["app.example.com leads to d1.cloudfront.net"]);
  });

  it("is waited for where it is nowhere yet, until the wait is ended", async () => {
    const interruption = new AbortController();
    const said: string[] = [];
    const report = (line: string) => {
      said.push(line);
      interruption.abort();
    };
    const waited = untilAnswered(NAME, [STANDBY], { report, signal: interruption.signal });
    expect((await rejection(waited)).name).to.equal("AbortError");
    expect(said).to.deep.equal(["app.example.com leads to nowhere"]);
  });
});

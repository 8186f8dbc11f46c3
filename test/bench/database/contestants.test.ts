import { expect } from "chai";
import { type Crossing, mydumper, mysqldump, ours } from "../../../bench/database/contestants.ts";

const CROSSING: Crossing = {
  source: { host: "127.1.1.1", port: 3306, user: "administrator", password: "it's" },
  target: { host: "127.2.2.2", port: 3307, user: "administrator", password: "it's" },
  folder: "/crossing",
  dump: "/crossing/dump",
  authorityFile: "/authority.pem",
};

describe("those who copy a database", () => {
  const mysql = { version: "9", origin: "", command: (program: string) => [`/bin/${program}`], places: [] };

  it("are a pipe that fails when either end does, with words quoted for the shell", () => {
    const [stage, ...more] = mysqldump({ ...mysql, parameters: new Set() }).stages(CROSSING);
    expect([stage?.what, more]).to.deep.equal(["all", []]);
    const [flag, script = ""] = stage?.program.args ?? [];
    expect(flag).to.equal("-c");
    expect(script).to.match(
      /^set -o pipefail; '\/bin\/mysqldump' .*'--host=127\.1\.1\.1'.* \| '\/bin\/mysql' .*'--port=3307'/,
    );
    expect(script).to.include("'--password=it'\\''s'");
  });

  it("are a dumper and its loader, which lies beside it, one after the other on one folder", () => {
    const [dump, load] = mydumper({ version: "0.10", command: "/tools/bin/mydumper" }).stages(CROSSING);
    expect([dump?.what, load?.what]).to.deep.equal(["dump", "load"]);
    expect(dump?.program.args).to.include.members(["--host=127.1.1.1", "--outputdir=/crossing/dump"]);
    expect(load?.program.command).to.equal("/tools/bin/myloader");
    expect(load?.program.args).to.include.members(["--host=127.2.2.2", "--directory=/crossing/dump"]);
  });

  it("are the code of the functions, told what to do and whom to trust", () => {
    const stages = ours().stages(CROSSING);
    const tasks = stages.map(({ program }) => JSON.parse(program.args.at(-1) ?? ""));
    expect(tasks.map(({ what, login, folder }) => [what, login.host, login.username, folder])).to.deep.equal([
      ["dump", "127.1.1.1", "administrator", "/crossing/dump"],
      ["load", "127.2.2.2", "administrator", "/crossing/dump"],
    ]);
    for (const { program } of stages) {
      expect(program.environment).to.include({ NODE_EXTRA_CA_CERTS: "/authority.pem" });
    }
  });

  it("speak TLS, all of them", () => {
    const tool = { version: "0.10", command: "mydumper" };
    for (const { stages } of [mysqldump({ ...mysql, parameters: new Set() }), mydumper(tool)]) {
      for (const { program } of stages(CROSSING))
        expect(program.args.join(" ")).to.match(/--(ssl-)?ca=\/authority\.pem/);
    }
  });
});

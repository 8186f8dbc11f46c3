import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { WrongUsage } from "../../../operations/command.ts";
import { readAddress, readTarget } from "../../../operations/database/target.ts";

describe("a server that this machine reaches", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "target-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function file(content: string): string {
    const path = join(folder, crypto.randomUUID());
    writeFileSync(path, content);
    return path;
  }

  it("is not meant where no option names it", () => {
    expect(readTarget({ yes: true })).to.equal(undefined);
  });

  it("is named by its host, its user and a file with the password", () => {
    const options = { into: "db.example.com", user: "dbadmin", "password-file": file("s3 cret\n") };
    const login = { host: "db.example.com", port: 3306, username: "dbadmin", password: "s3 cret" };
    expect(readTarget(options)).to.deep.equal(login);
  });

  for (const [text, host, port] of [
    ["db.example.com:3307", "db.example.com", 3307],
    ["10.0.0.1", "10.0.0.1", 3306],
    ["[fd00::1]:3307", "fd00::1", 3307],
    ["[fd00::1]", "fd00::1", 3306],
  ] as const) {
    it(`is read of ${text}`, () => {
      expect(readAddress(text)).to.deep.equal({ host, port });
    });
  }

  for (const text of ["", ":3306", "db:", "db:0", "db:70000", "fd00::1", "mysql://db"]) {
    it(`is not read of ${JSON.stringify(text)}`, () => {
      expect(() => readAddress(text)).to.throw(WrongUsage, "expected host or host:port");
    });
  }

  it("is refused when something is missing of it", () => {
    expect(() => readTarget({ user: "dbadmin" })).to.throw(WrongUsage, "expected --into");
    expect(() => readTarget({ into: "db" })).to.throw(WrongUsage, "expected --user and --password-file");
    expect(() => readTarget({ into: "db", user: "a", "password-file": "/nowhere" })).to.throw(
      "found none that can be read",
    );
    expect(() => readTarget({ into: "db", user: "a", "password-file": file("\n") })).to.throw("found nothing");
  });
});

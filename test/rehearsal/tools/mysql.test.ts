import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { findMySql } from "../../../rehearsal/tools/mysql.ts";
import { run } from "../../../rehearsal/tools/run.ts";
import { runScript } from "../../support/script.ts";

describe("the MySQL that the rehearsal takes", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "some-mysql-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What is found on a machine that has this `mysqld` and nothing in its cache, nor a way to fetch anything. */
  async function foundWith(says: string): Promise<{ version?: string; origin?: string; failed?: string }> {
    const help =
      "Variables (--variable-name=value)\\nand boolean options\\ngtid-mode    OFF\\nwait-timeout    28800\\n";
    const script = `#!/bin/sh\ncase "$*" in *--help*) printf '${help}' ;; *) echo '${says}' ;; esac\n`;
    await writeFile(join(folder, "mysqld"), script);
    await chmod(join(folder, "mysqld"), 0o755);
    await writeFile(join(folder, "apt-get"), "#!/bin/sh\necho no way out >&2; exit 100\n", { mode: 0o755 });
    const { stdout, stderr } = await runScript(
      "rehearsal/tools/mysql.ts",
      `await module.findMySql(() => {}, new AbortController().signal).then(
         ({ version, origin, parameters }) => ({ version, origin, parameters: [...parameters] }),
         (error) => ({ failed: error.message }),
       ).then((found) => console.log(JSON.stringify(found)));`,
      { PATH: [folder, process.env.PATH].join(delimiter), XDG_CACHE_HOME: join(folder, "cache") },
    );
    expect(stdout, stderr).to.not.equal("");
    return JSON.parse(stdout);
  }

  it("is the one on the PATH where it is new enough, with all that can be set on it", async () => {
    const says = "/usr/sbin/mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)";
    const parameters = ["gtid_mode", "wait_timeout", "time_zone"];
    expect(await foundWith(says)).to.deep.equal({ version: "8.4.6", origin: "on the PATH", parameters });
  });

  const others = {
    "an older one": "mysqld  Ver 8.0.43 for Linux on x86_64 (MySQL Community Server - GPL)",
    MariaDB: "mysqld  Ver 11.8.3-MariaDB-1 for debian-linux-gnu on x86_64 (Debian)",
  };
  for (const [what, says] of Object.entries(others)) {
    it(`is not ${what}; what stands in the way of fetching another is said`, async () => {
      const { failed } = await foundWith(says);
      expect(failed).to.match(/^MySQL 8\.4\.0 or newer .*\n.*apt-get.*failed[\s\S]*\| no way out$/);
    });
  }

  it("brings its clients along", async () => {
    const { command, version } = await findMySql(() => {}, new AbortController().signal);
    const [program = "", ...args] = command("mysqldump");
    expect(await run(program, [...args, "--version"])).to.include(version);
  });
});

import { expect } from "chai";
import { judgeBoot } from "../../../lambdas/images/console-log.ts";

describe("a boot, by its console", () => {
  const up = {
    "getty's prompt": "Amazon Linux 2023\nKernel 6.1.0 on an x86_64 (-)\n\nip-10-0-0-4 login: ",
    "systemd's last target": "[  OK  ] Reached target multi-user.target - Multi-User System.\n",
    "the older wording of it": "[  OK  ] Reached target Multi-User System.\n",
    "cloud-init's last word": "[   14.2] cloud-init[1]: Cloud-init v. 22.2.2 finished at Mon, 30 Nov 2026\n",
  };
  for (const [what, log] of Object.entries(up)) {
    it(`is over with ${what}`, () => {
      expect(judgeBoot(log)).to.deep.equal({ state: "up" });
    });
  }

  it("goes on as long as neither that nor its failure was said", () => {
    expect(judgeBoot("")).to.deep.equal({ state: "booting" });
    expect(judgeBoot("[    0.0] Linux version 6.1.0\n[  OK  ] Started systemd-logind.service")).to.deep.equal({
      state: "booting",
    });
  });

  const lost = {
    "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)":
      "[    1.2] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n",
    "Warning: /dev/disk/by-uuid/1 does not exist. Dropping to a shell.":
      "Warning: /dev/disk/by-uuid/1 does not exist. Dropping to a shell.\n",
    "You are in emergency mode. After logging in, type": "You are in emergency mode. After logging in, type\n",
    "error: no such device: 12ab.": "error: no such device: 12ab.\n",
  };
  for (const [reason, log] of Object.entries(lost)) {
    it(`has failed with "${reason}"`, () => {
      expect(judgeBoot(`booting\n${log}more`)).to.deep.equal({ state: "lost", reason });
    });
  }
});

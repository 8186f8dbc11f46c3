import { expect } from "chai";
import { NIGHT } from "../../../components/primary/night.ts";

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function windowOf(text: string): [number, number] {
  const [begin = "", end = ""] = text.split("-").map((each) => each.replace(/^\w{3}:/, ""));
  return [minutes(begin), minutes(end)];
}

describe("the night's work", () => {
  const backup = windowOf(NIGHT.databaseBackup);
  const maintenance = windowOf(NIGHT.databaseMaintenance);
  const { hour, startWithinMinutes } = NIGHT.vaultBackup;
  const vault = [hour * 60, hour * 60 + startWithinMinutes] as const;

  it("gives the database half an hour at least for either, as RDS asks", () => {
    for (const [begin, end] of [backup, maintenance]) expect(end - begin).to.be.at.least(30);
  });

  it("begins the vault's jobs after the database's own backup", () => {
    expect(vault[0]).to.be.at.least(backup[1]);
  });

  it("begins no job of the vault in the hour before maintenance, nor during it", () => {
    expect(vault[1]).to.be.at.most(maintenance[0] - 60);
  });

  it("gives a job the hour to begin that AWS Backup asks for", () => {
    expect(startWithinMinutes).to.be.at.least(60);
  });
});

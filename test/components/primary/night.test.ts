import { expect } from "chai";
import { NIGHT, quietFrom } from "../../../components/primary/night.ts";

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

  it("leaves time to make a replica between the two backups, and before and after all of it", () => {
    for (const time of ["00:15", "02:00", "02:15", "04:00", "05:45", "07:30", "23:59", "00:00"]) {
      expect(quietFrom(time), time).to.equal(true);
    }
  });

  it("lets none be made while anything else is done, nor shortly before", () => {
    for (const time of ["00:16", "01:00", "01:59", "02:16", "03:00", "03:59", "05:46", "06:30", "07:29"]) {
      expect(quietFrom(time), time).to.equal(false);
    }
  });
});

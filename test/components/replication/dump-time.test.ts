import { expect } from "chai";
import { everyDayAt } from "../../../components/replication/dump-time.ts";

describe("the time of the night's dump", () => {
  it("is that minute of every day, as cron counts it", () => {
    expect(everyDayAt("02:15")).to.equal("cron(15 2 * * ? *)");
    expect(everyDayAt("00:00")).to.equal("cron(0 0 * * ? *)");
    expect(everyDayAt("23:09")).to.equal("cron(9 23 * * ? *)");
  });
});

import { expect } from "chai";
import { COPIES_FOLDER, READY_FOLDER } from "../../../components/standby/own-folder.ts";

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

describe("a folder of the controller's in somebody else's container", () => {
  it("is where it says what is ready: it writes and deletes there, and only reads the markers beside it", () => {
    expect(READY_FOLDER).to.deep.equal({
      dataActions: [`${BLOBS}/read`, `${BLOBS}/write`, `${BLOBS}/delete`],
      condition:
        `((!(ActionMatches{'${BLOBS}/write'}) AND !(ActionMatches{'${BLOBS}/delete'})) ` +
        `OR @Resource[${BLOBS}:path] StringStartsWith 'ready/')`,
    });
  });

  it("is where it copies the standby's database: it adds and writes there, and only reads the dumps beside it", () => {
    expect(COPIES_FOLDER).to.deep.equal({
      dataActions: [`${BLOBS}/read`, `${BLOBS}/write`, `${BLOBS}/add/action`],
      condition:
        `((!(ActionMatches{'${BLOBS}/write'}) AND !(ActionMatches{'${BLOBS}/add/action'})) ` +
        `OR @Resource[${BLOBS}:path] StringStartsWith 'standby/')`,
    });
  });
});

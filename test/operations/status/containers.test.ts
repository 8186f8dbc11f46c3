import { expect } from "chai";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { containersOf, readStandings, standingsText } from "../../../operations/status/containers.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { rejection } from "../../support/rejection.ts";

describe("how the images of containers stand", () => {
  const { signal } = new AbortController();
  const limits = { aws: 2500, azure: 10_000 };
  let lambda: Endpoint;

  before(async () => {
    lambda = await new Endpoint().open();
  });
  after(() => lambda[Symbol.asyncDispose]());
  inEnvironment(() => awsAt(`http://127.0.0.1:${lambda.port}/`));

  const link = (values: Record<string, unknown>) => ({
    stack: "link" as const,
    workload: "shop",
    listed: false,
    values,
  });
  const look = (values: Record<string, unknown> = { containersFunctionName: "shop-containers" }) =>
    containersOf(link(values), PROJECT_FOLDER, limits, signal);
  const web = { repository: "shop/web", tags: 3, behind: ["1.4"] };

  it("is told by the function that carries them", async () => {
    lambda.act = ({ url }, outgoing) => {
      const asked = url === "/2015-03-31/functions/shop-containers/invocations";
      outgoing.writeHead(asked ? 200 : 404).end(JSON.stringify([web]));
    };
    expect(await look()).to.deep.equal([web]);
  });

  it("is not asked for where none follow", async () => {
    expect(await look({})).to.equal(null);
  });

  it("can't be told by a function that fails, or says something else", async () => {
    lambda.act = (_, outgoing) =>
      outgoing.writeHead(200, { "x-amz-function-error": "Unhandled" }).end('{"errorMessage":"no token"}');
    expect((await rejection(look())).message).to.equal('shop-containers failed: {"errorMessage":"no token"}');
    expect(() => readStandings('{"a":1}')).to.throw(/expected how repositories stand, found \{"a":1\}/);
  });

  it("is a line: how many tags there are, and which are behind", () => {
    expect(standingsText([{ ...web, behind: [] }])).to.equal("3 tags in 1 repositories, each as at the primary");
    const many = { repository: "shop/jobs", tags: 7, behind: ["a", "b", "c", "d", "e"] };
    expect(standingsText([web, many])).to.equal(
      "10 tags in 2 repositories; 6 behind: shop/web:1.4, shop/jobs:a, shop/jobs:b, shop/jobs:c, shop/jobs:d, and 1 more",
    );
  });
});

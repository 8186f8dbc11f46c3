import { expect } from "chai";
import fc from "fast-check";
import { applyHeaders } from "../../../rehearsal/azure/front-door-headers.ts";
import { match, originOf, type Route } from "../../../rehearsal/azure/front-door-routes.ts";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";

describe("the routes of a Front Door", () => {
  /** A control plane with one endpoint, "shop", and these routes on it. */
  function withRoutes(routes: Record<string, Route>): ResourceManager {
    const resources = new ResourceManager("sub", "tenant");
    const profile = resources.id("resourceGroups/g/providers/Microsoft.Cdn/profiles/edge");
    resources.put(`${profile}/afdEndpoints/shop`, { hostName: "shop.azurefd.net" });
    for (const [name, route] of Object.entries(routes)) {
      resources.put(`${profile}/afdEndpoints/shop/routes/${name}`, { linkToDefaultDomain: "Enabled", name, ...route });
    }
    return resources;
  }

  const taken = (routes: Record<string, Route>, path: string) => {
    const found = match(withRoutes(routes), "shop.azurefd.net", path);
    return found && `${found.route.name} ${found.path}`;
  };

  it("take the most exact pattern that matches, whatever its case", () => {
    const routes = {
      all: { patternsToMatch: ["/*"] },
      images: { patternsToMatch: ["/images/*"] },
      logo: { patternsToMatch: ["/images/logo.png"] },
    };
    expect(taken(routes, "/")).to.equal("all /");
    expect(taken(routes, "/images/a.png")).to.equal("images /images/a.png");
    expect(taken(routes, "/Images")).to.equal("images /Images");
    expect(taken(routes, "/images/LOGO.png")).to.equal("logo /images/LOGO.png");
    expect(taken({ images: routes.images }, "/imagesque")).to.equal(undefined);
  });

  it("put the origin's path in the place of what stands before the wildcard", () => {
    const route = (patternsToMatch: string[], originPath: string) => ({ route: { patternsToMatch, originPath } });
    expect(taken(route(["/*"], "/content"), "/a/b")).to.equal("route /content/a/b");
    expect(taken(route(["/files/*"], "/content/"), "/files/a")).to.equal("route /content/a");
    expect(taken(route(["/*"], "/content"), "/")).to.equal("route /content/");
  });

  it("never lead to an origin outside its path", () => {
    const segment = fc.stringMatching(/^[a-z0-9%._-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const found = match(
          withRoutes({ route: { patternsToMatch: ["/*"], originPath: "/content" } }),
          "shop.azurefd.net",
          `/${segments.join("/")}`,
        );
        expect(found?.path).to.equal(`/content/${segments.join("/")}`);
      }),
    );
  });

  it("lead nowhere from a host that is not linked, or by what is off", () => {
    expect(taken({ off: { enabledState: "Disabled" } }, "/")).to.equal(undefined);
    expect(taken({ unlinked: { linkToDefaultDomain: "Disabled" } }, "/")).to.equal(undefined);
    expect(match(withRoutes({ all: {} }), "other.azurefd.net", "/")).to.equal(undefined);
  });

  it("lead to the enabled origin of the first priority", () => {
    const resources = withRoutes({});
    const group = resources.id("resourceGroups/g/providers/Microsoft.Cdn/profiles/edge/originGroups/app");
    resources.put(group, {});
    const origin = (name: string, more: object) =>
      resources.put(`${group}/origins/${name}`, { hostName: name, ...more });
    expect(originOf(resources, { originGroup: { id: group } })).to.equal(undefined);
    origin("second", { priority: 2 });
    origin("off", { priority: 1, enabledState: "Disabled" });
    expect(originOf(resources, { originGroup: { id: group } })).to.include({ hostName: "second" });
    origin("first", { priority: 1 });
    expect(originOf(resources, { originGroup: { id: group } })).to.include({ hostName: "first" });
  });
});

describe("the header actions of a Front Door's rules", () => {
  const act = (headerAction: string, headerName: string, value = "") => ({ headerAction, headerName, value });

  it("overwrite, append and delete, one after another and whatever the case", () => {
    const headers = applyHeaders({ a: "1", server: "x" }, [
      act("Overwrite", "A", "2"),
      act("Append", "a", "3"),
      act("Append", "New", "n"),
      act("Delete", "Server"),
    ]);
    expect(headers).to.deep.equal({ a: "23", new: "n" });
  });
});

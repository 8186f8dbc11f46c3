import { expect } from "chai";
import { fileOf } from "../../../components/traffic/endpoint.ts";

describe("a file of a website, as a health check takes it", () => {
  const FILES: [website: string, host: string, port: number, path: string][] = [
    ["https://shopmarker.z1.web.core.windows.net/", "shopmarker.z1.web.core.windows.net", 443, "/declared/site.json"],
    ["https://shopmarker.z1.web.core.windows.net", "shopmarker.z1.web.core.windows.net", 443, "/declared/site.json"],
    ["https://shop.web.example.net:8443/", "shop.web.example.net", 8443, "/declared/site.json"],
    ["https://marker.example.net/shop/", "marker.example.net", 443, "/shop/declared/site.json"],
    ["https://marker.example.net/shop", "marker.example.net", 443, "/shop/declared/site.json"],
  ];
  for (const [website, fqdn, port, resourcePath] of FILES) {
    it(`is at ${resourcePath} of port ${port} for ${website}`, () => {
      expect(fileOf(website, "declared/site.json")).to.deep.equal({ fqdn, port, resourcePath });
    });
  }
});

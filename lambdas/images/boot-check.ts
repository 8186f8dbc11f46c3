import { z } from "zod";
import type { ResourceManager } from "../shared/resource-manager.ts";
import { type Boot, judgeBoot } from "./console-log.ts";

/** The APIs of Microsoft.Compute/virtualMachines and Microsoft.Network/networkInterfaces. */
const COMPUTE = "2024-07-01";
const NETWORK = "2024-05-01";

/** Where a server is started to see whether it boots. */
export interface BootRoom {
  /** Id of the resource group, in which nothing else is. */
  resourceGroupId: string;
  /** Id of the subnet, from which there is no way anywhere. */
  subnetId: string;
  location: string;
  /** @example "Standard_D2s_v5" */
  vmSize: string;
  tags: Record<string, string>;
}

const VM = z.object({ properties: z.object({ provisioningState: z.string() }) });
const DIAGNOSTICS = z.object({ serialConsoleLogBlobUri: z.string() });

/** A server that is there to be seen booting, and for nothing else. */
export class BootCheck {
  readonly #manager: ResourceManager;
  readonly #room: BootRoom;
  readonly #vm: string;
  readonly #address: string;

  /** @param name of the server */
  constructor(manager: ResourceManager, room: BootRoom, name: string) {
    this.#manager = manager;
    this.#room = room;
    this.#vm = `${room.resourceGroupId}/providers/Microsoft.Compute/virtualMachines/${name}`;
    this.#address = `${room.resourceGroupId}/providers/Microsoft.Network/networkInterfaces/${name}`;
  }

  /** Begins to start one from an image. @param imageId id of the image version */
  async start(imageId: string): Promise<void> {
    const { location, tags, subnetId } = this.#room;
    const address = { name: "private", properties: { subnet: { id: subnetId } } };
    await this.#manager.put(this.#address, NETWORK, { location, tags, properties: { ipConfigurations: [address] } });
    await this.#manager.put(this.#vm, COMPUTE, serverBody(this.#room, imageId, this.#address));
  }

  /** How it goes. */
  async look(): Promise<Boot> {
    const found = await this.#manager.get(this.#vm, COMPUTE);
    if (found === undefined) return { state: "lost", reason: "the server is gone" };
    const { provisioningState } = VM.parse(found).properties;
    if (provisioningState === "Failed") return { state: "lost", reason: "Azure could not make a server of it" };
    const asked = await this.#manager.post(`${this.#vm}/retrieveBootDiagnosticsData`, COMPUTE).catch(() => undefined);
    const { data } = DIAGNOSTICS.safeParse(asked);
    // There is no log until there is something in it.
    const response = data && (await fetch(data.serialConsoleLogBlobUri).catch(() => undefined));
    return response?.ok ? judgeBoot(await response.text()) : { state: "booting" };
  }

  /** Begins to delete it, with its disk and its address; the address is freed by the server's deletion, if there was one. */
  async end(): Promise<void> {
    await this.#manager.delete(this.#vm, COMPUTE);
    // Azure refuses while the server still has it, and deletes it along with that.
    await this.#manager.delete(this.#address, NETWORK).catch(() => {});
  }

  /** Whether nothing is left of it. */
  async isGone(): Promise<boolean> {
    const left = await Promise.all([this.#manager.get(this.#vm, COMPUTE), this.#manager.get(this.#address, NETWORK)]);
    return left.every((each) => each === undefined);
  }
}

/** A server with one disk of the image, one private address, and a console that can be read. */
export function serverBody({ location, tags, vmSize }: BootRoom, imageId: string, addressId: string): object {
  return {
    location,
    tags,
    properties: {
      hardwareProfile: { vmSize },
      storageProfile: {
        imageReference: { id: imageId },
        osDisk: {
          createOption: "FromImage",
          deleteOption: "Delete",
          managedDisk: { storageAccountType: "StandardSSD_LRS" },
        },
      },
      networkProfile: { networkInterfaces: [{ id: addressId, properties: { primary: true, deleteOption: "Delete" } }] },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    },
  };
}

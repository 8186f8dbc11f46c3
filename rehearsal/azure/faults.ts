import type { Doors } from "../local/doors.ts";

/** In which words Azure says that a size is not to be had. */
export type Shortage = "SkuNotAvailable" | "AllocationFailed";

/** What goes wrong in a local Azure that otherwise lives. Each fault lasts until it is lifted. */
export class AzureFaults {
  readonly #frontDoor: Doors;
  readonly #exhausted = new Map<string, Shortage>();
  #refusesMarkers = false;
  #throttled = 0;

  /** @param frontDoor where the edges of Front Door are met */
  constructor(frontDoor: Doors) {
    this.#frontDoor = frontDoor;
  }

  /** No edge of Front Door answers; its origins do. */
  killFrontDoor(): void {
    this.#frontDoor.shut();
  }

  reviveFrontDoor(): Promise<void> {
    return this.#frontDoor.open();
  }

  /** Whatever is written to or deleted from a container `$web` is refused, whoever asks; visitors see what is there. */
  refuseMarkers(): void {
    this.#refusesMarkers = true;
  }

  acceptMarkers(): void {
    this.#refusesMarkers = false;
  }

  /** Why nothing is written to a container; undefined when it is. */
  refusalOf(container: string): { status: number; code: string; message: string } | undefined {
    if (!this.#refusesMarkers || container !== "$web") return undefined;
    const message = "This request is not authorized to perform this operation (AuthorizationFailure).";
    return { status: 403, code: "AuthorizationFailure", message };
  }

  /** No further machine of a size is to be had; those that run go on. @param size @example "Standard_D2as_v5" */
  exhaust(size: string, shortage: Shortage = "SkuNotAvailable"): void {
    this.#exhausted.set(size.toLowerCase(), shortage);
  }

  restock(size: string): void {
    this.#exhausted.delete(size.toLowerCase());
  }

  /** @throws Error in Azure's own words when no machine of the size is to be had */
  expectCapacity(size: string): void {
    const shortage = this.#exhausted.get(size.toLowerCase());
    if (shortage) throw new Error(SHORTAGES[shortage](size));
  }

  /** The next requests to vaults are answered 429, with the second for which to wait. */
  throttleVaults(requests: number): void {
    this.#throttled = requests;
  }

  /** Whether this request to a vault is one too many; it counts. */
  throttlesVaults(): boolean {
    this.#throttled = Math.max(-1, this.#throttled - 1);
    return this.#throttled >= 0;
  }

  /** Ends every fault. */
  async lift(): Promise<void> {
    this.acceptMarkers();
    this.throttleVaults(0);
    this.#exhausted.clear();
    await this.reviveFrontDoor();
  }
}

/** "Resolve errors for SKU not available" and "Troubleshoot allocation failures", with the codes before. */
const SHORTAGES: Readonly<Record<Shortage, (size: string) => string>> = {
  SkuNotAvailable: (size) =>
    `Code="SkuNotAvailable" Message="The requested VM size for resource 'Following SKUs have failed for Capacity ` +
    `Restrictions: ${size}' is currently not available in the location. Please try another size or deploy to a ` +
    `different location or different zone. See https://aka.ms/azureskunotavailable for details."`,
  AllocationFailed: (size) =>
    `Code="AllocationFailed" Message="Allocation failed. We do not have sufficient capacity for the requested VM ` +
    `size ${size} in this region. Read more about improving likelihood of allocation success at ` +
    `http://aka.ms/allocation-guidance"`,
};

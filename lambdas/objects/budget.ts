/** Memory that may be in use at once: whoever wants more than is left waits until others give theirs back. */
export class Budget {
  readonly #total: number;
  #left: number;
  readonly #waiting: { bytes: number; go(): void }[] = [];

  /** @param total bytes */
  constructor(total: number) {
    this.#total = total;
    this.#left = total;
  }

  /** Runs some work once there is room for its bytes; work that is larger than all there is goes alone. */
  async within<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const share = await this.take(bytes);
    try {
      return await work();
    } finally {
      share();
    }
  }

  /** Takes bytes, in the order of asking. @returns gives them back */
  async take(bytes: number): Promise<() => void> {
    const share = Math.min(bytes, this.#total);
    if (this.#waiting.length > 0 || share > this.#left) {
      await new Promise<void>((go) => this.#waiting.push({ bytes: share, go }));
    } else this.#left -= share;
    return () => {
      this.#left += share;
      this.#next();
    };
  }

  #next(): void {
    for (let [first] = this.#waiting; first && first.bytes <= this.#left; [first] = this.#waiting) {
      this.#waiting.shift();
      this.#left -= first.bytes;
      first.go();
    }
  }
}

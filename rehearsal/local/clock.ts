/** How fast the time of the local clouds goes: what users would wait for is as much shorter. */
export class Clock {
  /** Times as fast as for users; 1 is their own pace. */
  readonly speed: number;

  /** @throws Error for what is no speed */
  constructor(speed = 1) {
    if (!(speed >= 1 && speed <= 1000)) throw new Error(`expected a speed from 1 to 1000, found ${speed}`);
    this.speed = speed;
  }

  /** How long something takes here. @param milliseconds as long as it takes for users */
  scaled(milliseconds: number): number {
    return milliseconds / this.speed;
  }

  /** How long something would have taken for users. @param milliseconds as long as it took here */
  unscaled(milliseconds: number): number {
    return milliseconds * this.speed;
  }
}

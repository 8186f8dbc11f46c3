import mocha from "mocha";

const { Spec } = mocha.reporters;

/** Mocha's own report by specification, and last a line with the counts for machines. */
export default class Counts extends Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
}

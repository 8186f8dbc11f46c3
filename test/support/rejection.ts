/** The error with which a call fails. @throws Error when it succeeds */
export async function rejection(call: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error(`expected a failure, found success with ${JSON.stringify(value)}`);
}

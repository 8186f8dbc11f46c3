/** A request that the local Azure refuses, with Azure's own status and error code. */
export class ArmRefused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The processes behind the database servers of the local Azure: what runs, switching it on and off, and setting it. */
export interface ServerPower {
  /** `Ready` or `Stopped`. @param id resource id of the server */
  state(id: string): string;
  /** Starts a server; done when it takes connections. */
  start(id: string): Promise<void>;
  /** Stops a server; done when nothing of it runs. */
  stop(id: string): Promise<void>;
  /** Value of a parameter as it is now; undefined where there is no such parameter. */
  parameter(id: string, name: string): Promise<string | undefined>;
  /** Why a parameter can't have a value; undefined where it can. */
  refusal(id: string, name: string, value: string): string | undefined;
  /** Sets a parameter of a server that runs. */
  configure(id: string, name: string, value: string): Promise<void>;
  /** Has a server that runs forget its history, and know these transactions instead. */
  resetGtid(id: string, gtid: string): Promise<void>;
}

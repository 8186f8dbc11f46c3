/** When EventBridge Scheduler starts what is due once a day ("Schedule types"). @param time in UTC @example "02:15" */
export function everyDayAt(time: string): string {
  const [hour, minute] = time.split(":").map(Number);
  return `cron(${minute} ${hour} * * ? *)`;
}

/** Asks a running lab over its control socket. Throws with the lab's own sentence when it says no. */
import { request } from "node:http";
import { readJson } from "./read-json.ts";

export function askLab<T>(socketPath: string, order: string, body: unknown = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: `/${order}`, method: "POST" }, (response) => {
      readJson(response).then((answer) => {
        if (response.statusCode === 200) resolve(answer as T);
        else reject(new Error((answer as { error?: string }).error ?? `the lab answered ${response.statusCode}`));
      }, reject);
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

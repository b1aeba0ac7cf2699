/** Asks a running lab over its control socket. Throws with the lab's own sentence when it says no. */
import { request } from "node:http";

export function askLab<T>(socketPath: string, order: string, body: unknown = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: `/${order}`, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        const answer: unknown = JSON.parse(text);
        if (response.statusCode === 200) resolve(answer as T);
        else reject(new Error((answer as { error?: string }).error ?? `the lab answered ${response.statusCode}`));
      });
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

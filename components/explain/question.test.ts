import { expect, it } from "vitest";
import { sampleFarm } from "@/server/core/change/sample.testing.ts";
import { explainPath, questionErrors, readQuestion, targetsOf } from "./question.ts";

it("a question stands in the URL and comes back out of it", () => {
  const question = { client: "[2001:db8::7]:4000", target: "[2001:db8::10]:443/tcp" };
  const path = explainPath(question);
  expect(readQuestion(new URL(path, "http://here").searchParams)).toEqual(question);
});

it.each([
  [{ client: "", target: "" }, ["client", "target"]],
  [{ client: "web-1", target: "192.168.0.40:80" }, ["client"]],
  [{ client: "10.0.0.5", target: "192.168.0.40" }, ["target"]],
  [{ client: "10.0.0.5", target: "192.168.0.40:80/icmp" }, ["target"]],
  [{ client: "10.0.0.5:70000", target: "192.168.0.40:80" }, ["client"]],
  [{ client: "10.0.0.5", target: "[2001:db8::10]:80" }, ["client"]],
  [{ client: " 10.0.0.5 ", target: "192.168.0.40:53/UDP" }, []],
])("what is wrong in %o is said at its field", (question, fields) => {
  expect(Object.keys(questionErrors(question))).toEqual(fields);
});

it("a farm's addresses are filled in with a port that it answers", () => {
  const farm = { ...sampleFarm(1, [{}], { ports: ["8000-8010"] }), addresses: ["192.168.0.1", "2001:db8::1"] };
  expect(targetsOf(farm)).toEqual(["192.168.0.1:8000/tcp", "[2001:db8::1]:8000/tcp"]);
  expect(targetsOf({ ...farm, protocol: "all", ports: [] })[0]).toBe("192.168.0.1:80/tcp");
});

/** gRPC's own health service for a test, on the port it is given. */
import grpc from "@grpc/grpc-js";
import health from "grpc-health-check";

const server = new grpc.Server();
new health.HealthImplementation({ "": "SERVING", shop: "NOT_SERVING" }).addToServer(server);
server.bindAsync(`127.0.0.1:${process.argv[2]}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});

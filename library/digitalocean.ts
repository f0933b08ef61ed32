/** `runstack/digitalocean`: what DigitalOcean does. */
export { DoksCluster, type DoksArguments } from "../components/clouds/digitalocean/doks";
export {
  DigitalOceanKafka,
  type DigitalOceanKafkaArguments,
} from "../components/clouds/digitalocean/kafka";
export {
  DigitalOceanPostgres,
  type DigitalOceanPostgresArguments,
} from "../components/clouds/digitalocean/postgres";
export {
  DigitalOceanRedis,
  type DigitalOceanRedisArguments,
} from "../components/clouds/digitalocean/redis";
export { SpacesObjectStore } from "../components/clouds/digitalocean/spaces";

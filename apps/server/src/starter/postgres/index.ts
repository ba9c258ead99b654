export { adoptCluster, type Cluster, type ClusterOptions, startCluster } from './cluster.ts'
export { freePort } from './port.ts'
export { watchCluster } from './watch.ts'

import type { Config } from './config-file.ts'
import type { Env } from './env.ts'
import { readEnv } from './env.ts'

/** What a deployment says of itself: in its environment, and in `tollgate.config.ts`. */
export interface Deployment {
  env: Env
  config: Config
}

/** Both together; origins may be named in either. Throws an EnvError. */
export function readDeployment(environment: NodeJS.ProcessEnv, config: Config): Deployment {
  const env = readEnv(environment, config.catalog)
  return { config, env: { ...env, origins: [...new Set([...env.origins, ...config.origins])] } }
}

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../testing/src/index.ts'

const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync)

/** Why nginx can't be started here; null where it can. */
export function whyNoNginx(): string | null {
  if (program === undefined) return 'nginx is not installed: apt-get install nginx-light'
  return existsSync('/usr/bin/openssl') ? null : 'openssl is not installed: apt-get install openssl'
}

export interface Nginx {
  /** Where it passes requests on as its documentation tells to, with the headers of a proxy. */
  url: string
  /** Where it passes them on with `proxy_pass` alone, as it comes. */
  bareUrl: string
  /** Its certificate, which nobody else signed. */
  ca: string
  stop: () => Promise<void>
}

/** A real nginx with TLS on two ports of loopback, in front of the server on `port`. */
export async function startNginx(port: number, httpsPort: number): Promise<Nginx> {
  if (program === undefined) throw new Error('nginx is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-nginx-'))
  await chmod(folder, 0o755)
  const barePort = await freePort()
  makeCertificate(folder)
  await writeFile(join(folder, 'nginx.conf'), configuration({ port, httpsPort, barePort }))
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const ca = await readFile(join(folder, 'certificate.pem'), 'utf8')
  while (!existsSync(join(folder, 'nginx.pid'))) {
    if (child.exitCode !== null) {
      throw new Error(`nginx ended: ${await readFile(join(folder, 'error.log'), 'utf8')}`)
    }
    await delay(20)
  }
  return {
    url: `https://localhost:${httpsPort}`,
    bareUrl: `https://localhost:${barePort}`,
    ca,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function makeCertificate(folder: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')]
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '1']
  execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...files], { stdio: 'ignore' })
}

interface Ports {
  port: number
  httpsPort: number
  barePort: number
}

function configuration({ port, httpsPort, barePort }: Ports): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${kind};`)
    .join('\n  ')
  const tls = `ssl_certificate certificate.pem;
    ssl_certificate_key key.pem;`
  return `daemon off;
pid nginx.pid;
error_log error.log;
events {}
http {
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${httpsPort} ssl;
    ${tls}
    client_max_body_size 8m;
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
    }
  }
  server {
    listen 127.0.0.1:${barePort} ssl;
    ${tls}
    location / {
      proxy_pass http://127.0.0.1:${port};
    }
  }
}
`
}

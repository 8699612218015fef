import { z } from 'zod';

/** The Docker engine of this machine: asked for names of containers, and told to run those of functions. */
export const dockerSettings = z
  .strictObject({
    socket: z
      .string()
      .default('/var/run/docker.sock')
      .describe("Socket of the Docker engine; Podman's speaks the same language"),
    network: z.string().min(1).default('bridge').describe('Network that containers of functions are put in'),
    publish: z
      .boolean()
      .optional()
      .describe(
        'Reach containers by a port of loopback that is published for them; when not set, only where their network can not be reached from here',
      ),
    pull: z
      .boolean()
      .default(false)
      .describe('Pull the image of a function from its registry where the engine does not have it'),
  })
  .prefault({});

export type DockerSettings = z.output<typeof dockerSettings>;

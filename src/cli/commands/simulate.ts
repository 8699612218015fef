import { Command } from 'commander';
import { simulatePowercapCommand } from './simulate-powercap.js';
import { simulateServerCommand } from './simulate-server.js';

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('The laboratory: imitated machines whose true energy is known.')
    .addCommand(simulatePowercapCommand())
    .addCommand(simulateServerCommand());
}

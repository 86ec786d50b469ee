/** Whether a person's role allows an operation; the server decides again (bot/staff/roles.py). */
export const may = (agent, operation) => agent.may.includes(operation);

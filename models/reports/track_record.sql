-- The record of each system and market, live and replay apart.
-- depends_on: {{ ref('gate_predictions') }}
select * from {{ ref('system_performance') }}

{# Delete stored rows whose game date has no rows upstream any more: a replaced slice cannot be empty. #}
{% macro drop_vanished_dates(upstream) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where game_date not in (select game_date from {{ upstream }} where game_date is not null)
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

{# Delete stored rows whose game date has no rows upstream any more: a replaced slice cannot be empty. #}
{% macro drop_vanished_dates(upstream) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            {{ every_game_date() }}
            and game_date not in (select game_date from {{ upstream }} where {{ every_game_date() }})
    {% else %}
        select 1
    {% endif %}
{% endmacro %}

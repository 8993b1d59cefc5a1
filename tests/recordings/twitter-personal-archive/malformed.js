window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1351100000000000001"
          ],
          "editableUntil": "2021-01-18T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/aaaaaaaaaa",
            "expanded_url": "https://club.example/new",
            "display_url": "club.example/new",
            "indices": [
              "40",
              "63"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "69"
      ],
      "favorite_count": "1",
      "id_str": "1351100000000000001",
      "truncated": false,
      "retweet_count": "2",
      "id": "1351100000000000001",
      "created_at": "Mon Jan 18 09:30:00 +0000 2021",
      "favorited": false,
      "full_text": "Moved our club&#39;s page away from Quillhost https://t.co/aaaaaaaaaa",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "source": "x",
      "full_text": "without an id",
      "created_at": "Mon Jan 18 09:30:00 +0000 2021"
    }
  },
  {
    "tweet": {
      "id_str": "1351100000000000005",
      "full_text": 7
    }
  },
  {
    "tweet": "no object"
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1351100000000000002"
          ],
          "editableUntil": "2021-01-18T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://client.example\" rel=\"nofollow\">A client</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "31"
      ],
      "favorite_count": "a lot",
      "id_str": "1351100000000000002",
      "truncated": false,
      "retweet_count": "2",
      "id": "1351100000000000002",
      "created_at": "Mon Jan 18 09:31:00 +0000 2021",
      "favorited": false,
      "full_text": "@invented_ben not before spring",
      "lang": "en",
      "in_reply_to_status_id": "1351000000000000009",
      "in_reply_to_status_id_str": "1351000000000000009",
      "in_reply_to_user_id": "10",
      "in_reply_to_screen_name": "invented_ben"
    }
  }, {"tweet": {"id_str": "1